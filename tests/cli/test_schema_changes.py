"""
The table of changes in docs/reference/schema.md: each cell is what really happens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.markdown import ROOT
from tests.mypy_runs import check_programs
from typed_signals.cli.schema.changes import Fails, changes_between
from typed_signals.exceptions import SignalError

from .releases import Release

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = ROOT / "docs" / "reference" / "schema.md"
SMALL: Final = 'class Size(Enum):\n    S = "s"\n    M = "m"\n'
LARGE: Final = f'{SMALL}    L = "l"\n'
LINE: Final = "class Line(TypedDict):\n    count: int\n"
BOX: Final = "@dataclass\nclass Box:\n    count: int\n"

# What both do in each row shows the difference: the new release sends what the old one did not.
CHANGES: Final = {
    "a required key is added": (
        Release("size: int", "size=1"),
        Release("size: int; note: str", "size=1, note='x'"),
    ),
    "an optional key is added": (
        Release("size: int", "size=1"),
        Release("size: int; note: NotRequired[str]", "size=1, note='x'"),
    ),
    "a required key is removed": (
        Release("size: int; note: str", "size=1, note='x'"),
        Release("size: int", "size=1"),
    ),
    "an optional key is removed": (
        Release("size: int; note: NotRequired[str]", "size=1, note='x'"),
        Release("size: int", "size=1"),
    ),
    "an optional key becomes required": (
        Release("size: int; note: NotRequired[str]", "size=1"),
        Release("size: int; note: str", "size=1, note='x'"),
    ),
    "a required key becomes optional": (
        Release("size: int; note: str", "size=1, note='x'"),
        Release("size: int; note: NotRequired[str]", "size=1"),
    ),
    "a required key is renamed": (
        Release("size: int", "size=1"),
        Release("width: int", "width=1"),
    ),
    "a type gets wider (`int` to `float`)": (
        Release("size: int", "size=1"),
        Release("size: float", "size=1.5"),
    ),
    "a type gets narrower (`float` to `int`)": (
        Release("size: float", "size=1.5"),
        Release("size: int", "size=1"),
    ),
    "a type is another one (`int` to `str`)": (
        Release("size: int", "size=1"),
        Release("size: str", "size='1'"),
    ),
    "a type no longer travels (`int` to `object`)": (
        Release("size: int", "size=1"),
        Release("size: object", "size=1"),
    ),
    "an enum gets a member": (
        Release("size: Size", "size=Size.S", SMALL),
        Release("size: Size", "size=Size.L", LARGE),
    ),
    "an enum loses a member": (
        Release("size: Size", "size=Size.L", LARGE),
        Release("size: Size", "size=Size.S", SMALL),
    ),
    "a nested `TypedDict` gets a required key": (
        Release("lines: list[Line]", "lines=[{'count': 1}]", LINE),
        Release("lines: list[Line]", "lines=[{'count': 1, 'note': ''}]", f"{LINE}    note: str\n"),
    ),
    "a nested `TypedDict` gets an optional key": (
        Release("lines: list[Line]", "lines=[{'count': 1}]", LINE),
        Release(
            "lines: list[Line]",
            "lines=[{'count': 1, 'note': ''}]",
            f"{LINE}    note: NotRequired[str]\n",
        ),
    ),
    "a dataclass gets a field": (
        Release("box: Box", "box=Box(1)", BOX),
        Release("box: Box", "box=Box(1, 'x')", f"{BOX}    note: str\n"),
    ),
    "a dataclass gets a field with a default": (
        Release("box: Box", "box=Box(1)", BOX),
        Release("box: Box", "box=Box(1)", f"{BOX}    note: str = ''\n"),
    ),
    "a field gets a default": (
        Release("box: Box", "box=Box(1, 'x')", f"{BOX}    note: str\n"),
        Release("box: Box", "box=Box(1)", f"{BOX}    note: str = ''\n"),
    ),
    "a field of a dataclass is removed": (
        Release("box: Box", "box=Box(1, 'x')", f"{BOX}    note: str\n"),
        Release("box: Box", "box=Box(1)", BOX),
    ),
    "a field gets another type": (
        Release("box: Box", "box=Box(1)", BOX),
        Release("box: Box", "box=Box('1')", BOX.replace("int", "str")),
    ),
    "a signal is added": (
        Release("size: int", "size=1"),
        Release("size: int", "size=1", name="ordered", others=("placed",)),
    ),
    "a signal is renamed or removed": (
        Release("size: int", "size=1"),
        Release("size: int", "size=1", name="ordered"),
    ),
}
IN_ONE_PROCESS: Final = {"": "runs", "mypy": "mypy reports it", "error": "raises"}
BACKGROUND: Final = {"": "runs", "DeliveryError": "fails", "UnknownReceiverError": "fails"}


class Row(NamedTuple):
    """
    A row of the table.
    """

    change: str
    send: str
    """What happens in one process to a send that has not been changed."""

    receiver: str
    """What happens in one process to a receiver that has not been changed."""

    old_delivery: str
    """What happens to a delivery of the old release in a worker of the new one."""

    old_worker: str
    """What happens to a delivery of the new release in a worker of the old one."""

    def __str__(self) -> str:
        return f"| {' | '.join(self)} |"


def rows(folder: Path) -> list[Row]:
    """
    Return the rows.
    """
    programs: dict[tuple[str, str], str] = {}
    for change, (old, new) in CHANGES.items():
        programs[change, "send"] = f"{new.declaration}{old.send}"
        programs[change, "receiver"] = f"{new.declaration}{old.receiver}"
    reported = check_programs(folder, programs)

    def in_one_process(change: str, part: str) -> str:
        try:
            exec(programs[change, part], {"__name__": "__main__"})
        except (SignalError, AttributeError, NameError, TypeError):
            assert reported[change, part]
            return IN_ONE_PROCESS["error"]
        return IN_ONE_PROCESS["mypy" if reported[change, part] else ""]

    return [
        Row(
            change,
            in_one_process(change, "send"),
            in_one_process(change, "receiver"),
            BACKGROUND[new.failure_of(old.delivery())],
            BACKGROUND[old.failure_of(new.delivery())],
        )
        for change, (old, new) in CHANGES.items()
    ]


def test_table_on_the_page_is_what_happens(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    documented = re.findall(r"^\| an? .*\|$", text, re.MULTILINE)
    found = rows(tmp_path)
    assert documented == [*map(str, found)]
    for row in found:
        old, new = CHANGES[row.change]
        changes = changes_between(old.contracts(), new.contracts())
        reported = {change.fails for change in changes}
        deliveries, workers = row.old_delivery == "fails", row.old_worker == "fails"
        if old.name != new.name:
            # The new receiver is missing in old workers, as it is for each new signal.
            assert workers
            workers = False
        expected = Fails.of(old_deliveries=deliveries, old_workers=workers)
        both = {Fails.OLD_DELIVERIES, Fails.OLD_WORKERS} if expected is Fails.BOTH else {expected}
        assert reported - {Fails.NOTHING} in ({expected} - {Fails.NOTHING}, both), row.change
