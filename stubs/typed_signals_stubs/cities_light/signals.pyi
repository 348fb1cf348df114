from typing import Any, TypedDict

from django.core.management import BaseCommand

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

city_items_pre_import: Signal[BaseCommand, ItemsRead]
subregion_items_pre_import: Signal[BaseCommand, ItemsRead]
region_items_pre_import: Signal[BaseCommand, ItemsRead]
country_items_pre_import: Signal[BaseCommand, ItemsRead]
translation_items_pre_import: Signal[BaseCommand, ItemsRead]
city_items_post_import: Signal[BaseCommand, CityImported]
subregion_items_post_import: Signal[BaseCommand, ItemsImported]
region_items_post_import: Signal[BaseCommand, ItemsImported]
country_items_post_import: Signal[BaseCommand, ItemsImported]
