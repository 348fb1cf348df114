from typing import TypedDict

from django_extensions.management.commands.runserver_plus import Command

from typed_signals.django import Signal

# From the code of django-extensions 3.2 and 4.

class Nothing(TypedDict): ...

runserver_plus_started: Signal[Command, Nothing]
