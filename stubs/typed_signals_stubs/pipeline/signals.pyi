from typing import Any, NotRequired, TypedDict

from pipeline.packager import Package, Packager

from typed_signals.django import Signal

class StylesheetsPacked(TypedDict):
    package: Package
    output_filename: str
    variant: str | None

class JavascriptsPacked(TypedDict):
    package: Package
    output_filename: NotRequired[str]
    templates: Any

css_compressed: Signal[Packager, StylesheetsPacked]
js_compressed: Signal[Packager, JavascriptsPacked]
