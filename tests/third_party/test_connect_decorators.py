"""
Signals whose ``connect`` returns a decorator if it gets no receiver, as in Celery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import CONFIG, check_programs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytestmark = pytest.mark.any_python

UNTYPED: Final = """
class Signal:
    def connect(self, *args, **kwargs):
        def with_options(sender=None, weak=True, dispatch_uid=None, retry=False):
            def connecting(function):
                return function
            return connecting
        if args and callable(args[0]):
            return with_options(*args[1:], **kwargs)(args[0])
        return with_options(*args, **kwargs)
"""

TYPED: Final = """
from collections.abc import Callable
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])

class Signal:
    @overload
    def connect(
        self, receiver: F, sender: object = ..., weak: bool = ..., retry: bool = ...
    ) -> F: ...
    @overload
    def connect(
        self, *, sender: object = ..., weak: bool = ..., retry: bool = ...
    ) -> Callable[[F], F]: ...
    def connect(self, *args: Any, **kwargs: Any) -> Any: ...
"""

WITHOUT_DECORATOR: Final = """
class Signal:
    def connect(self, receiver: object = None, sender: object = None) -> None: ...
"""

OWNERS: Final = {"untyped": UNTYPED, "typed": TYPED}

DECLARATION: Final = """
from typing import Any, TypedDict

from typed_signals import Signal

class Baked(TypedDict):
    minutes: int

class Sold(TypedDict):
    price: float

baked: Signal[str, Baked]
sold: Signal[object, Sold]
"""

# The start of the error, by what connects.
WRONG: Final = {
    "@baked.connect\ndef log(sender, topping, **kwargs): ...": "'topping' is never sent",
    "@baked.connect()\ndef log(sender, topping, **kwargs): ...": "'topping' is never sent",
    "@baked.connect(sender='a')\ndef log(sender, topping, **kwargs): ...": "'topping' is never",
    "@baked.connect(weak=False)\ndef log(minutes: str, **kwargs): ...": "'minutes' has type",
    "@baked.connect(sender='a')\ndef log(sender: int, **kwargs): ...": "'sender' has type",
    "@baked.connect(sender='a')\ndef log(minutes): ...": "must accept keyword arguments",
    "@baked.connect(sender='a')\ndef log(**kwargs): kwargs['minute']": "'minute' is never in",
    "@baked.connect\ndef log(**kwargs): kwargs['minute']": "'minute' is never in",
    "@baked.connect(sender=3)\ndef log(**kwargs): ...": 'is never sent by "int"',
    "def log(topping, **kwargs): ...\nbaked.connect(log)": "'topping' is never sent",
    "def log(topping, **kwargs): ...\nbaked.connect(log, 'a')": "'topping' is never sent",
    "def log(topping, **kwargs): ...\nbaked.connect(log, sender='a')": "'topping' is never sent",
    "def log(topping, **kwargs): ...\nbaked.connect(sender='a')(log)": "'topping' is never sent",
    "def log(**kwargs): ...\nbaked.connect(log, 3)": 'is never sent by "int"',
    "for one in (baked, sold):\n    @one.connect(weak=False)\n    def log(price, **kwargs): ...": (
        "'price' is never sent"
    ),
}

RIGHT: Final = """
@baked.connect
def each(sender, minutes, **kwargs): ...

@baked.connect()
def no_options(sender, minutes=1, **kwargs): ...

@baked.connect(sender='a')
def filtered(sender: str, minutes: float, **kwargs) -> float:
    kwargs["signal"]
    return minutes

@baked.connect(sender='a', weak=False)
def log(*, minutes: int, **kwargs): kwargs.get("sender")

baked.connect(each)
baked.connect(each, "a")
baked.connect(each, sender="a")
baked.connect(sender="a")(each)
baked.connect(*(each, "a"))

for one in (baked, sold):
    @one.connect(weak=False)
    def both(sender, **kwargs): ...

def define():
    @baked.connect(retry=True)
    def local(sender, **kwargs): ...

unknown = Signal()

@unknown.connect(sender="a")
def anything(topping): ...

class Plug:
    def connect(self, *args, **kwargs): ...

Plug().connect(sender="a")
Plug().connect(log)

class Socket:
    def connect(self) -> None: ...

Socket().connect()

@Plug().connect
def plugged(topping): ...
"""


START: Final = "from bakery.dispatch import Signal\nfrom bakery.signals import baked, sold\n"
WITHOUT_PARAMETERS: Final = (
    "class Socket:\n    def connect(self): ...\n@Socket().connect\ndef log(): ..."
)


def check(folder: Path, owner: str, texts: Iterable[str]) -> dict[str, list[str]]:
    """
    Return what mypy reports for each of *texts*, which use the signals of the package *owner*.
    """
    files = {
        "bakery/__init__.py": "",
        "bakery/dispatch.py": owner,
        "bakery/signals.py": (
            "from bakery.dispatch import Signal\nbaked = Signal()\nsold = Signal()\n"
        ),
        "declarations/ours/__init__.pyi": "",
        "declarations/ours/bakery/__init__.pyi": "",
        "declarations/ours/bakery/signals.pyi": DECLARATION,
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    configuration = (
        f"{CONFIG}mypy_path = $MYPY_CONFIG_FILE_DIR/declarations\n"
        "[typed-signals]\ndeclarations = ours\n"
    )
    programs = {text: START + text for text in texts}
    return check_programs(folder, programs, configuration=configuration)


@pytest.fixture(scope="module", params=OWNERS)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    texts = (*WRONG, RIGHT, WITHOUT_PARAMETERS)
    return check(tmp_path_factory.mktemp(request.param), OWNERS[request.param], texts)


@pytest.mark.parametrize("text", WRONG)
def test_wrong_receiver_of_a_connect_that_may_decorate_is_reported(
    told: dict[str, list[str]], text: str
) -> None:
    [line] = told[text]
    assert WRONG[text] in line
    assert "[signal-" in line


def test_method_without_parameters_is_no_connect(told: dict[str, list[str]]) -> None:
    codes = [line.rpartition("  ")[2] for line in told[WITHOUT_PARAMETERS]]
    assert codes == ["[call-arg]"]


def test_connect_that_returns_nothing_does_not_decorate(tmp_path: Path) -> None:
    decorated = "@baked.connect(sender='a')\ndef log(sender, **kwargs): ..."
    told = check(tmp_path, WITHOUT_DECORATOR, [decorated])[decorated]
    assert told
    assert not [line for line in told if "[signal-" in line]


def test_right_receivers_of_a_connect_that_may_decorate_are_accepted(
    told: dict[str, list[str]],
) -> None:
    assert told[RIGHT] == []
