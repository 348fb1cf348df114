from typing import Any, TypedDict

from compressor.base import Compressor

from typed_signals.django import Signal

# From the code of django-compressor 4.4 to 4.6.

class Compressed(TypedDict):
    type: str
    mode: str
    context: dict[str, Any]

post_compress: Signal[type[Compressor], Compressed]
