from typing import TypedDict

from django.db.models import Model
from django.db.models.fields.files import FieldFile
from easy_thumbnails.files import Thumbnailer, ThumbnailFile
from easy_thumbnails.options import ThumbnailOptions

from typed_signals.django import Signal

class Nothing(TypedDict): ...

class FileSaved(TypedDict):
    fieldfile: FieldFile

class ThumbnailMissed(TypedDict):
    options: ThumbnailOptions

saved_file: Signal[type[Model], FileSaved]

# The thumbnail is the sender.
thumbnail_created: Signal[ThumbnailFile, Nothing]
thumbnail_missed: Signal[Thumbnailer, ThumbnailMissed]
