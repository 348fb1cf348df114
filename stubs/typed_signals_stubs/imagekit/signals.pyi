from typing import TypedDict

from django.db.models.fields.files import FieldFile
from imagekit.cachefiles import ImageCacheFile
from imagekit.specs.sourcegroups import ImageFieldSourceGroup

from typed_signals.django import Signal

class CacheFileRequired(TypedDict):
    file: ImageCacheFile

class SourceSaved(TypedDict):
    source: FieldFile

# The file is also the sender.
content_required: Signal[ImageCacheFile, CacheFileRequired]
existence_required: Signal[ImageCacheFile, CacheFileRequired]
source_saved: Signal[ImageFieldSourceGroup, SourceSaved]
