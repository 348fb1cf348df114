from typing import Any, TypedDict

from cities_light.management.commands.cities_light import Command

from typed_signals.django import Signal

# From the code of django-cities-light 3.10 and 3.11. The sender is the command. The project chooses
# the models.

class ItemsRead(TypedDict):
    items: list[str]

class ItemsImported(TypedDict):
    instance: Any
    items: list[str]

class CityImported(TypedDict):
    instance: Any
    items: list[str]
    save: bool

city_items_pre_import: Signal[Command, ItemsRead]
subregion_items_pre_import: Signal[Command, ItemsRead]
region_items_pre_import: Signal[Command, ItemsRead]
country_items_pre_import: Signal[Command, ItemsRead]
translation_items_pre_import: Signal[Command, ItemsRead]
city_items_post_import: Signal[Command, CityImported]
subregion_items_post_import: Signal[Command, ItemsImported]
region_items_post_import: Signal[Command, ItemsImported]
country_items_post_import: Signal[Command, ItemsImported]
