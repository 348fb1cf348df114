"""
Tasks under ``@receiver``: the plugin says how to run them in the background, as ``connect`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import check_programs
from typed_signals._shared.messages import task_problem

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

# The packages may not be installed.
PACKAGE: Final = """
from typing import Any

def {name}(function: Any = None, **options: Any) -> Any: ...
"""
PROGRAM: Final = """
from typing import Any, TypedDict

from {module} import {name}
from typed_signals import Signal, receiver

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()

def other_of(size): ...

@receiver(done)
@{name}
def bare(size, **kwargs): ...

@receiver(done)
@{name}(priority=3)
def called(size, **kwargs): ...

@receiver(done, weak=False)
@{name}
def strong(size, **kwargs): ...

@{name}
@receiver(done)
def above(size, **kwargs): ...

@receiver(done)
@other_of(size=1)
@{name}
def other(size, **kwargs): ...
"""


@pytest.mark.parametrize(
    ("module", "name", "method"),
    [("celery", "shared_task", "delay"), ("django_tasks", "task", "enqueue")],
)
def test_task_under_receiver_gets_the_advice(
    tmp_path: Path, module: str, name: str, method: str
) -> None:
    (tmp_path / f"{module}.py").write_text(PACKAGE.format(name=name), "utf-8")
    [reported] = check_programs(tmp_path, {"": PROGRAM.format(module=module, name=name)}).values()
    tasks = {16: "bare", 20: "called", **({24: "strong"} if method == "enqueue" else {})}
    assert reported == [
        f"{line}: error: done cannot connect {task}: {task_problem(method)}  [signal-receiver]"
        for line, task in tasks.items()
    ]
