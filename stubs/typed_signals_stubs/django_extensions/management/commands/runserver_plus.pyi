from typing import TypedDict

from django.core.management import BaseCommand

from typed_signals.django import Signal

# From the code of django-extensions 3.2 and 4.

class Nothing(TypedDict): ...

runserver_plus_started: Signal[BaseCommand, Nothing]
