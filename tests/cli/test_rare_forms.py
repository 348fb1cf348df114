"""
The survey of a project with forms that are rare, and what it says of what it cannot read.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import find_project
from typed_signals.cli.survey import parts, process
from typed_signals.cli.survey.build import run_build
from typed_signals.cli.survey.comments import Comment, Comments
from typed_signals.cli.survey.model import SignalFact, Survey, facts_to_json

from .commands import write_project
from .surveys import receiver_line, send_line, signal_line, survey_folder, survey_project

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = """\
deli.sends.loud django
deli.BY_KEYWORD['spread'] django
deli.BY_NAME[...] django
deli.BY_NUMBER[0] django
deli.BY_NUMBER[1] django
deli.Bakery.lit django
deli.Course.DESSERT django
deli.Course.STARTER django
deli.KEYS['...'] django
deli.Kitchen.lit django
deli.Kitchen.smoked django
deli.Till.drawer django
deli.Till.full django
deli.Till.opened django
deli.asked django
deli.bell blinker
deli.boiled django
deli.called django
deli.cleaned django
deli.closed django ['door']
deli.cooled django
deli.cut django deli.signals.either
deli.decorated django
deli.fried django
deli.grilled django
deli.listed django
deli.made django
deli.made_twice django
deli.mopped django
deli.nested django
deli.never_made django
deli.one_bun django
deli.opened django ['door', 'hour']
deli.packed django
deli.paid django
deli.passed django
deli.perhaps django
deli.picked django
deli.reused django
deli.rye_roll django
deli.salad django
deli.shelf.emptied django
deli.shelf.filled django
deli.shouted django
deli.sliced django deli.sends.wraps.chosen deli.signals.either
deli.soup django
deli.stored django
deli.tasted django deli.sends.wraps.unreal
deli.two_buns django
deli.typed django
deli.weighed django deli.sends.wraps.unreal
deli.wrapped django
deli.started django
"""

SENDS = """\
62 deli.sliced.send(None, a: int, b: int)
63 deli.sliced.send(None, thin?: int, thick?: int)
64 deli.sliced.send(None, **name)
65 deli.sliced.send(None, c?: int, d?: int)
66 deli.sliced.send(None, e: int, f: int)
67 deli.sliced.send(None, g?: int, **flag)
68 deli.sliced.send(None, h: int)
69 deli.sliced.send(None, j: int | str)
70 deli.sliced.send(None, **[...])
71 deli.sliced.send(None, **name.strip())
72 deli.sliced.send(str)
73 deli.sliced.send(str, i: int)
92 deli.cut.send(None, a: int)
93 deli.cut.send(None, b: int, c: int, d: int)
94 deli.cut.send(None, **rows)
95 deli.cut.send(None, e: int)
96 deli.cut.send(None, f: int)
97 deli.cut.send(None, kept: int)
98 deli.cut.send(None, maybe: int)
99 deli.cut.send(None, **Kept(...))
100 deli.cut.send(None, **unknown_package.payload)
101 deli.cut.send(None, **unknown_package)
103 deli.cut.send(None, **row)
105 deli.cut.send(None, h: int)
106 deli.cut.send(None, **SHARED)
130 deli.wrapped.send(None, d: int, e: int, c?: int, both: int | str, only?: int, **name)
147 deli.wrapped.send(None, tried?: int, failed?: int, one?: int, many?: int, loop?: int, value: \
int | str, **kwargs)
153 deli.wrapped.send(None, a?: int, b?: int)
162 deli.packed.send(None, a: int) through deli.sends.inner
162 deli.packed.send(None, depth: int) through deli.sends.inner
163 deli.packed.send(None, b: int) through deli.sends.inner
163 deli.packed.send(None, depth: int, extra: int) through deli.sends.inner
164 deli.packed.send(None, **given) through deli.sends.inner
164 deli.packed.send(None, depth: object, **given) through deli.sends.inner
165 deli.packed.send(None, **options) through deli.sends.inner
165 deli.packed.send(None, depth: object) through deli.sends.inner
192 deli.typed.send(Till, thing: object, kind: type[Till], maybe: Till | None, either_of: Till | \
int)
193 deli.typed.send(None, weight: _Weight, order: Order, pair: tuple[object, ...], many: \
tuple[int, ...], none: tuple[()], call: Callable[[int, str], None])
194 deli.typed.send(None, call_any: Callable[..., object], rows: dict[str, Any], money: Decimal, \
lock: Future[int], deep: list[list[list[list[list[list[list[object]]]]]]])
195 deli.typed.send(None, local: object, kinds: list[type[object]], function: Callable[[str, int, \
bool], object], iterator: Iterator[int])
196 deli.typed.send(None, overloaded: Callable[..., object], made: type[Till], file: \
BufferedReader[object], module: ModuleType, unknown: object)
197 deli.typed.send(None, literal: int, negative: int, data: bytes, real: float, stars: list[int])
198 deli.typed.send(None, method: Signal, either_class: type[Till] | type[StringIO], key_only: \
Callable[..., object])
199 deli.typed.send(UnionType | type[Till], task: Callable[..., Task[object]], generic: \
Callable[..., object])
201 deli.typed.send(None, both: Till | None)
205 deli.typed.send(None, text: str | bytes)
218 deli.typed.send(None, joined: dict[str, object], hook: Hook[...], call: Callable[..., None], \
unknown: object)
219 deli.typed.send(None, total: int, drawer: Signal, opened: object)
221 deli.Till.drawer.send(None, drawer: int)
228 deli.typed.send(None, flag: bool, number: int, kind: type[Till])
235 deli.called.send(None, a: int)
236 deli.called.send(None, b: int)
237 deli.called.send(None)
239 deli.called.send(None, c: int)
243 deli.called.asend(None, d: int)
244 deli.called.send(None, e: int, f: int)
246 deli.called.send_robust(None, g: int)
250 deli.called.send(None, h: int)
280 deli.sends.loud.send(None, text: str, loud: bool) through deli.sends.Loud.send
281 deli.sends.loud.send_robust(None, text: int) through deli.sends.Loud.send_robust
282 deli.sends.loud.each(None, number: int) through deli.sends.Loud.each
303 <it is the parameter signal>.send(object, a: int)
304 <it is the parameter generic>.send(object, a: int)
308 deli.passed.send(None, defaulted: int)
327 deli.passed.send(None, a: int) through deli.sends.wrapper
328 deli.passed.send(None, b: str) through deli.sends.wrapper
330 deli.passed.send(None, defaulted: int) through deli.sends.with_default
331 deli.passed.send(None, defaulted: int) through deli.sends.with_default
331 deli.sliced.send(None, defaulted: int) through deli.sends.with_default
332 deli.nested.send(None, first: str, optional: int, extra: int) through deli.sends.closure \
through deli.sends.closure.emit
333 deli.passed.send(None, thing: int) through deli.sends.cast_to
334 deli.passed.send(None, **again(...))
335 deli.decorated.send(None, decorated: int)
336 deli.bell.send(None, ring: int)
343 deli.BY_NUMBER[0].send(None, number: int)
344 deli.BY_NUMBER[1].send(None, number: int)
345 deli.BY_NUMBER[0].send(None, number: int)
345 deli.BY_NUMBER[1].send(None, number: int)
346 deli.BY_NAME[...].send(None, name: int)
347 deli.BY_NAME[...].send(None, name: int)
348 deli.KEYS['...'].send(None, key: int)
349 deli.made.send(None, made: int)
350 deli.paid.send(None, same: int)
351 deli.cut.send(None, either: int)
351 deli.sliced.send(None, either: int)
352 deli.paid.send(None, ring: int)
353 deli.Till.drawer.send(None, drawer: int)
354 deli.Till.full.send(None, full: int)
355 deli.Till.opened.send(None, opened: int)
356 deli.cut.send(None, either: int)
356 deli.sliced.send(None, either: int)
357 deli.cut.send(None, long: int)
358 deli.sliced.send(None, chosen: int)
359 deli.cleaned.send(None, got: int)
359 deli.mopped.send(None, got: int)
361 deli.paid.send(None, got: int)
362 deli.opened.send(None, door: int)
363 deli.closed.send(None, door: int)
367 deli.tasted.send(None, real: int)
367 deli.weighed.send(None, real: int)
372 deli.cooled.send(None, loop: int)
372 deli.stored.send(None, loop: int)
374 deli.cooled.send(None, loop: int)
374 deli.stored.send(None, loop: int)
376 deli.cooled.send(None, loop: int)
376 deli.stored.send(None, loop: int)
378 deli.cooled.send(None, loop: int)
378 deli.stored.send(None, loop: int)
380 deli.cooled.send(None, loop: int)
380 deli.stored.send(None, loop: int)
382 deli.stored.send(None, loop: int)
384 deli.cooled.send(None, loop: int)
384 deli.stored.send(None, loop: int)
386 deli.cooled.send(None, loop: int)
386 deli.stored.send(None, loop: int)
387 deli.cooled.send(None, loop: int)
387 deli.stored.send(None, loop: int)
388 deli.stored.send(None, loop: int)
390 deli.cooled.send(None, entered: int)
390 deli.stored.send(None, entered: int)
407 deli.picked.send(Picker, picker: int, basket: list[str], other: int, name: str)
408 deli.picked.send(type[Picker], shelf: str, result: str | None, nothing: object)
411 deli.picked.send(Picker, text: str, made: type[Picker], never: object, value: str)
430 deli.picked.send(Picker, kind: type | type[Till], function: Callable[[], int] | \
Callable[[Sized], int])
437 deli.picked.send(type[Picker], name: str, generated: object)
442 deli.picked.send(None, plain: str | int)
460 deli.picked.send(None, path: str)
465 deli.picked.send(None, path: str)
476 deli.picked.send(None, call: Callable[[int, str], None], nothing: tuple[()], any_call: \
Callable[..., int])
480 deli.asked.send(None, number: int | str, then: int | None, late: int | str)
492 deli.nested.send(None, first: float, second: str, third: int)
500 deli.listed.send(None, items: list[int], pairs: dict[str, int], both: set[int])
501 deli.listed.send(type[partial[object]], fun: Callable[[], int], super: int, text: str)
502 deli.listed.send(None, shared: int)
503 deli.listed.send(None, **{...})
532 deli.boiled.send(Waiter, plates: int, **extra)
532 deli.fried.send(Waiter, plates: int, **extra)
544 deli.boiled.send(None, pan: int)
545 deli.soup.send(None, hot: bool)
546 deli.salad.send(None, cold: bool)
547 deli.one_bun.send(None, buns: int)
548 deli.rye_roll.send(None, buns: int)
549 deli.shelf.filled.send(None, filled: int)
550 deli.BY_KEYWORD['spread'].send(None, spread: int)
551 deli.perhaps.send(None, perhaps: int)
552 deli.Course.STARTER.send(None, starter: int)
553 deli.Kitchen.smoked.send(None, smoked: int)
554 deli.shouted.send(None, shouted: int) through deli.Loudly.send
555 deli.boiled.send(Waiter, at: int) through deli.sends.Head.__init__ through \
deli.sends.Waiter.__init__
556 deli.grilled.send(str, table: int) through deli.sends.Waiter.__call__
557 deli.fried.send(Waiter, at: int) through deli.sends.Waiter.__init__
557 deli.grilled.send(str, table: int) through deli.sends.Waiter.__call__
558 deli.grilled.send(Course, thread: int)
559 deli.grilled.send(Course)
562 deli.BY_KEYWORD['spread'].send(None, number: int) through deli.sends.by_name
562 deli.sliced.send(None, number: int) through deli.sends.by_name
563 deli.BY_KEYWORD['spread'].send(None, text: str) through deli.sends.by_name
578 deli.sliced.send(None, n: int, last: bool) through deli.sends.repeated
578 deli.sliced.send(None, n: int, first: bool) through deli.sends.repeated
591 deli.sliced.send(starred: int, ***[...]) through deli.sends.starred
599 deli.sliced.send(str, starred: int) through deli.sends.more_stars through deli.sends.starred
600 deli.sliced.send(int, starred: int) through deli.sends.first_and_stars through \
deli.sends.starred
600 deli.sliced.send(inner: int) through deli.sends.first_and_stars through \
deli.sends.first_and_stars.inner
601 deli.sliced.send(object, starred: int, ***args) through deli.sends.first_and_stars through \
deli.sends.starred
601 deli.sliced.send(inner: int, ***args) through deli.sends.first_and_stars through \
deli.sends.first_and_stars.inner
141 deli.Bakery.lit.send(Kitchen, gas: bool)
141 deli.Kitchen.lit.send(Kitchen, gas: bool)
148 deli.Bakery.lit.send(Bakery, wood: int)
149 deli.Kitchen.lit.send(Bakery, gas: bool)
150 deli.Kitchen.lit.send(Bakery, gas: bool)
"""

RECEIVERS = """\
23 deli.sliced @receiver deli.through_variable(sender, **kwargs[a]...)
32 deli.sliced of type[Till] @connected_to deli.decorated(sender, size, *key: int, **kwargs)
42 <its code is not known> @receiver deli.unknown(sender)
46 deli.cut of type[Till] @receiver deli.by_keyword(sender)
67 deli.paid receiver() ...(?)
69 <its code is not known> receiver() deli.register(target, function=)
70 deli.packed connect deli.Handler(sender=, **kwargs)
71 deli.packed connect Handler()(sender, size)
72 deli.packed connect deli.Handler.made(sender)
73 deli.packed connect deli.Handler.static(sender)
74 deli.packed connect unknown_package.receive(?)
75 deli.packed connect builtins.print(?)
76 deli.packed connect deli.Handler(sender=, **kwargs)
78 deli.packed connect deli.by_keyword(sender)
87 deli.opened connect deli.by_keyword(sender)
88 deli.listed connect deli.by_keyword(sender)
89 deli.listed connect lambda(sender)
90 deli.listed connect target(?)
110 deli.tasted connect deli.by_keyword(sender)
112 deli.BY_NUMBER[0] connect deli.by_keyword(sender)
112 deli.BY_NUMBER[1] connect deli.by_keyword(sender)
112 deli.made connect deli.by_keyword(sender)
113 deli.cut receiver() deli.by_keyword(sender)
113 deli.opened receiver() deli.by_keyword(sender)
"""


def test_rare_signals_are_found() -> None:
    lines = [signal_line(fact) for fact in survey_project("deli").signals]
    assert lines == SIGNALS.splitlines()


def test_rare_sends_are_found() -> None:
    lines = [send_line(fact) for fact in survey_project("deli").sends]
    assert lines == SENDS.splitlines()


def test_rare_receivers_are_found() -> None:
    lines = [receiver_line(fact) for fact in survey_project("deli").receivers]
    assert lines == RECEIVERS.splitlines()


def test_comments_of_a_file_that_cannot_be_read_are_empty(tmp_path: Path) -> None:
    assert Comments().around(str(tmp_path / "gone.py"), 1, 1) == Comment()


SHOP = """\
from blinker import Signal
done = Signal()
def sell(size):
    done.send(None, size=size)
sell(1)
"""


@pytest.mark.parametrize("ending", ["crash", "messages"])
def test_annotations_that_mypy_cannot_read_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    write_project(tmp_path, {"shop.py": SHOP})

    def run(sources: object, options: object, annotations: object = None) -> object:
        if annotations is None:
            return run_build(sources, options)  # type: ignore[arg-type]
        if ending == "crash":
            raise SystemExit
        return SimpleNamespace(messages=("no",))

    monkeypatch.setattr("typed_signals.cli.survey.take.run_build", run)
    found = survey_folder(tmp_path)
    assert [*map(send_line, found.sends)] == ["4 shop.done.send(None, size: int)"]


def test_nothing_is_read_twice_without_functions(tmp_path: Path) -> None:
    write_project(tmp_path, {"shop.py": "from blinker import Signal\ndone = Signal()\n"})
    assert [one.fullname for one in survey_folder(tmp_path).signals] == ["shop.done"]


def test_part_is_read_without_what_stops_mypy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"a.py": "", "b.py": "x = \n", "mypy.ini": "[mypy]\nplugins = gone\n"}
    project = find_project([write_project(tmp_path, files)])
    (part,) = project.parts
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    limit = sys.getrecursionlimit()
    calls: list[str] = []

    def survey_of(sources: list[object], *_: object, infers: bool) -> Survey:
        problems: tuple[str, ...] = ()
        assert infers
        calls.append(" ".join(sorted(one.module for one in sources)))  # type: ignore[attr-defined]
        if len(calls) == 1:
            sys.stderr.write(f"{tmp_path}/b.py:1: error: INTERNAL ERROR\n")
            raise SystemExit(2)
        if len(calls) == 3:
            problems = (*crash,)
        return Survey("", problems=problems)

    monkeypatch.setattr(process, "survey_of", survey_of)
    crash: list[str] = []
    job = process.Job(project, part, tmp_path, infers=True)
    found = process.run_job(job)
    assert calls == ["a b", "a"]
    gone = "without the mypy plugin gone: ModuleNotFoundError: No module named 'gone'"
    assert found.problems == (gone, "not checked: b.py:1: mypy crashes here")
    assert "INTERNAL ERROR" in capsys.readouterr().err
    crash.append("no file")
    assert process.run_job(job).problems == (gone, "no file")
    monkeypatch.setattr(process, "survey_of", lambda *_, **__: sys.exit(2))
    with pytest.raises(SystemExit):
        process.run_job(job)
    sys.setrecursionlimit(limit)


class Ended(BaseException):
    """Instead of the end of the process."""


def test_the_process_reads_a_job_and_writes_a_survey(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    survey = Survey("", problems=("one",))
    monkeypatch.setattr(process, "run_job", lambda job: {"the job": survey}[job])
    monkeypatch.setattr(os, "dup2", lambda *_: None)

    def end(code: int) -> None:
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(pickle.dumps("the job"))))
    with pytest.raises(Ended):
        process.main()
    assert json.loads(capfd.readouterr().out) == facts_to_json(survey)


def test_parts_are_joined_and_crashes_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = find_project([write_project(tmp_path, {"a.py": ""})])
    other = SignalFact("django.db.models.signals.post_save", None, "builtin", "", in_project=False)
    survey = Survey("", (other,), problems=("a problem",))
    twice = replace(project, parts=(*project.parts, *project.parts))

    def take_it(printed: str) -> Survey:
        monkeypatch.setattr(parts, "_COMMAND", (sys.executable, "-c", printed))
        return parts.take_survey(twice, tmp_path)

    found = take_it(f"print({json.dumps(facts_to_json(survey))!r})")
    assert (found.signals, found.problems) == (survey.signals, survey.problems)
    empty = json.dumps(facts_to_json(replace(survey, signals=())))
    with pytest.raises(CommandError, match="mypy cannot read the project: a problem"):
        take_it(f"print({empty!r})")
    with pytest.raises(CommandError, match="mypy crashed: ValueError: no"):
        take_it("raise ValueError('no')")
    assert "Traceback" in (tmp_path / "crash.txt").read_text("utf-8")
