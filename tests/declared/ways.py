"""
Programs that declare one payload: in every way, with names that exist for type checkers only.

Each declares ``signal``, whose payload has the key ``size`` and may have the key ``note``.
"""

from __future__ import annotations

import importlib.util
import sys
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

# What a program imports under TYPE_CHECKING only.
NAMES: Final = {
    "nothing": "pass",
    "sender": "from tests.support import Store",
    "payload": "from tests.support import Pizza",
    "key": "from decimal import Decimal",
    "qualifier": "from typing import Annotated, ClassVar, Final, NotRequired, Unpack",
    "module of the qualifier": "import typing as te",
}

# What it imports or defines otherwise.
_OTHERWISE: Final = {
    "sender": "class Store: ...",
    "key": "from decimal import Decimal",
    "qualifier": "from typing import Annotated, ClassVar, Final, NotRequired, Unpack",
    "module of the qualifier": "import typing_extensions as te",
    "payload": """
class Pizza(TypedDict):
    size: <<Decimal>>
    note: <<{q}NotRequired[Decimal]>>
""",
}

# How annotations are written: <<...>> is one.
STYLES: Final = [
    "postponed",
    "quoted",
    *(["evaluated later"] if sys.version_info >= (3, 14) else []),
]

_ANNOTATION: Final = "Signal[type[Store], Pizza]"

WAYS: Final = {
    "a variable": f"signal: <<{_ANNOTATION}>> = Signal()",
    "a final variable": f"signal: <<{{q}}Final[{_ANNOTATION}]>> = Signal()",
    "a variable with metadata": f"signal: <<{{q}}Annotated[{_ANNOTATION}, 'baked']>> = Signal()",
    "a variable that may be None": f"signal: <<None | {_ANNOTATION}>> = Signal()",
    "a variable in a block": f"""
if not TYPE_CHECKING:
    signal: <<{_ANNOTATION}>> = Signal()
else:
    signal: <<Signal[type[Store], Other]>> = Signal()
""",
    "a variable from a factory": f"""
def make():
    return Signal()

signal: <<{_ANNOTATION}>> = make()
""",
    "a class": f"""
class Host:
    signal: <<{_ANNOTATION}>> = Signal()

signal = Host.signal
""",
    "a class variable": f"""
class Host:
    signal: <<{{q}}ClassVar[{_ANNOTATION}]>> = Signal()

signal = Host.signal
""",
    "a class in a block": f"""
class Host:
    if not TYPE_CHECKING:
        signal: <<{_ANNOTATION}>> = Signal()
    else:
        signal: <<Signal[type[Store], Other]>> = Signal()

signal = Host.signal
""",
    "a base class": f"""
class Base:
    signal: <<{_ANNOTATION}>>

class Host(Base):
    signal = Signal()

signal = Host.signal
""",
    "a class with a metaclass": f"""
class Meta(type):
    def __new__(cls, name, bases, namespace, **options):
        return super().__new__(cls, name, bases, dict(namespace))

class Host(metaclass=Meta):
    signal: <<{_ANNOTATION}>> = Signal()

signal = Host.signal
""",
    "a class that is made anew": f"""
def anew(cls):
    namespace = {{key: value for key, value in vars(cls).items() if key not in SPECIAL}}
    return type(cls.__name__, cls.__bases__, namespace)

SPECIAL = ("__dict__", "__weakref__")

@anew
class Host:
    signal: <<{_ANNOTATION}>> = Signal()

signal = Host.signal
""",
    "a call": 'signal = Signal["type[Store]", "Pizza"]()',
    "a call in a class": """
class Host:
    signal = Signal["type[Store]", "Pizza"]()

signal = Host.signal
""",
    "a call in a function": """
def make():
    return Signal["type[Store]", "Pizza"]()

signal = make()
""",
    "a call in an object": """
class Host:
    def __init__(self):
        self.signal = Signal["type[Store]", "Pizza"]()

signal = Host().signal
""",
    "an alias": """
Alias = Signal["type[Store]", "Pizza"]
signal = Alias()
""",
    "a subclass": """
class Own(Signal["type[Store]", "Pizza"]): ...

signal = Own()
""",
    "a generic subclass": """
class Own(Signal["type[Store]", PayloadT], Generic[PayloadT]): ...

signal = Own["Pizza"]()
""",
    "an annotation with a generic subclass": """
class Own(Signal["type[Store]", PayloadT], Generic[PayloadT]): ...

signal: <<Own[Pizza]>> = Own()
""",
    "a function": """
@Signal.declare
def signal(sender: <<type[Store]>>, **kwargs: <<{q}Unpack[Pizza]>>) -> object: ...
""",
    "a function with keywords": """
@Signal.declare
def signal(sender: <<type[Store]>>, *, size: <<Decimal>>, note: <<Decimal>> = None) -> object: ...
""",
}

_PROGRAM: Final = """
from typing import TYPE_CHECKING, Generic, TypeVar
from {typed_dict} import TypedDict
from {engine} import {cls} as Signal

if TYPE_CHECKING:
    {hidden}
    from nowhere import Missing, Other
{shown}

PayloadT = TypeVar("PayloadT")
{way}
"""


class Program(NamedTuple):
    """
    One program.
    """

    way: str
    names: str
    style: str
    typed_dict: str = "typing"

    def __str__(self) -> str:
        return f"{self.way}, {self.names} hidden, {self.style}, {self.typed_dict}"

    @property
    def is_known(self) -> bool:
        """
        Whether the payload exists at run time.
        """
        return self.names != "payload" or "keywords" in self.way

    def source(self, engine: str, cls: str) -> str:
        shown = [text for name, text in _OTHERWISE.items() if name != self.names]
        text = _PROGRAM.format(
            typed_dict=self.typed_dict,
            engine=engine,
            cls=cls,
            hidden=NAMES[self.names],
            shown="\n".join(shown),
            way=WAYS[self.way],
        )
        text = text.replace("{q}", "te." if self.names.startswith("module") else "")
        if self.style == "quoted":
            text = text.replace("<<", '"').replace(">>", '"')
        else:
            text = text.replace("<<", "").replace(">>", "")
        future = "from __future__ import annotations" if self.style == "postponed" else ""
        return future + text


PROGRAMS: Final = [
    Program(way, names, style, typed_dict)
    for way, names, style, typed_dict in product(
        WAYS, NAMES, STYLES, ("typing", "typing_extensions")
    )
]


def run(
    program: Program, folder: Path, engine: str = "typed_signals", cls: str = "Signal"
) -> ModuleType:
    """
    Run *program* as a module, and return that.
    """
    path = folder / "program.py"
    path.write_text(program.source(engine, cls), "utf-8")
    return load(path)


def load(path: Path) -> ModuleType:
    """
    Return what is in the file *path* as a module.
    """
    spec = importlib.util.spec_from_file_location(f"tests.declared.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
