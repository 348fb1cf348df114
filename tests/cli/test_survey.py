"""
The survey of a project with every form of signals, sends and receivers that was found in the wild.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mypy.find_sources import create_source_list
from mypy.options import Options

from typed_signals.cli.survey.take import survey_of
from typed_signals.cli.survey.written_types import NamedType, short_text

from .surveys import receiver_line, send_line, signal_line, survey_folder, survey_project

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = """\
STEPS['knead'] django
STEPS['rise'] django
baked django ['bread', 'minutes'] bakery.signals.done
burnt django
closed django bakery.sends.GasOven.signal
cooled django
delivered typed
eaten django bakery.sends.Oven.signal
filtered django
first_step django
labelled django
mixed django bakery.sends.Oven.finished
never django
noted django
opened django
packed django
queued django
rang blinker
returned django
second_step django
shaped django
sliced django
sold django ['bread', 'buyer']
stacked django
weighed django
blinker.signal('alarm') blinker
django.db.models.post_delete builtin
django.db.models.post_save builtin
"""

SENDS = """\
44 baked.send(type[Bread], bread: Bread, minutes: int | None)
45 baked.send_robust(type[Bread], bread: Bread, minutes: bool)
49 sold.send(type[Bread], bread: Bread, buyer: str)
66 closed.send(Oven, bread: Rye, crumbs: list[int], names: dict[str, int])
66 eaten.send(Oven, bread: Rye, crumbs: list[int], names: dict[str, int])
67 mixed.send(Oven, flours: tuple[str, int])
68 opened.send(type[Oven], oven: Oven, reason?: str, bread: Rye, hour: int) through \
sends.Oven.announce
84 burnt.asend(None, bread: Bread, when: float)
85 burnt.send_robust(None, bread: Bread, when: float)
93 shaped.send(Bread, oven: str, edges: int) through sends._emit
94 cooled.send(Bread, oven: str, degrees: int) through sends._emit
99 sliced.send(type[Bread], bread: Bread, note?: str)
100 packed.send(type[Bread], bread: Bread, box: str)
101 weighed.send(type[Bread], grams: int, **given)
102 delivered.send(None, street: str, number: int)
106 labelled.send(type[Rye], bread: Rye, size: int)
107 labelled.send(type[Wheat], bread: Wheat, size: int)
108 labelled.send(type[Spelt], bread: Spelt, size: int)
109 labelled.send(type[Oat], bread: Oat, size: int)
113 stacked.send(type[Bread], bread: Bread, height: int)
114 stacked.send(type[Bread], bread: Bread, height: int)
115 stacked.send(type[Bread], bread: Bread, heigth: int)
119 returned.send(type[Bread], bread: Bread, reason: str)
120 returned.send(type[Bread], bread: Bread)
125 first_step.send(type[Bread], number: int)
125 second_step.send(type[Bread], number: int)
126 STEPS['knead'].send(None, hands: int)
127 STEPS['knead'].send(None, hands: int)
127 STEPS['rise'].send(None, hands: int)
128 first_step.send(type[Bread], number: int)
132 filtered.send_chained(Bread, text: object, bread: Bread) through ChainedSignal.send_chained
133 noted.send(type[Bread], bread: Bread, stars: int) through ChainedSignal.notify
137 rang.send(Oven, times: int)
138 blinker.signal('alarm').send(Oven, loud: bool)
139 django.db.models.post_save.send(type[Bread], instance: Bread, created: bool)
144 returned.send(type[Bread], bread: Bread, reason: str)
156 queued.send(None, bread: Rye | Oat, owner: str | None, path: str, urgent: bool | None, \
price: object)
"""

RECEIVERS = """\
11 baked @receiver on_baked(sender, bread: Bread, minutes: int | None=, **kwargs[oven][colour])
16 baked of type[Bread] @receiver on_both(sender, **kwargs)
16 sold of type[Bread] @receiver on_both(sender, **kwargs)
29 weighed of type[Bread] @on on_weighed(sender, grams: int, **kwargs)
39 burnt @when_burnt on_burnt(bread, when: float, **kwargs)
44 rang @connect on_ring(sender, times: int)
49 rang of str @connect_via on_kitchen(sender, times: int)
59 shaped connect Shop.handle(sender, *oven: str, **kwargs)
60 cooled connect lambda(sender, **kwargs)
61 packed of str connect on_baked(sender, bread: Bread, minutes: int | None=, \
**kwargs[oven][colour])
73 django.db.models.post_save of type[Bread] connect saved(sender, instance, **kwargs)
74 opened connect saved(sender, instance, **kwargs)
80 django.db.models.post_delete connect deleted(sender, instance, **kwargs)
80 django.db.models.post_save connect saved(sender, instance, **kwargs)
82 first_step connect saved(sender, instance, **kwargs)
82 second_step connect saved(sender, instance, **kwargs)
83 baked receiver() saved(sender, instance, **kwargs)
"""


def test_all_signals_are_found() -> None:
    lines = [signal_line(fact) for fact in survey_project("bakery").signals]
    assert lines == SIGNALS.splitlines()


def test_all_sends_are_found() -> None:
    lines = [send_line(fact) for fact in survey_project("bakery").sends]
    assert lines == SENDS.splitlines()


def test_all_receivers_are_found() -> None:
    lines = [receiver_line(fact) for fact in survey_project("bakery").receivers]
    assert lines == RECEIVERS.splitlines()


def test_payload_that_django_sends_is_known() -> None:
    post_save = survey_project("bakery").signal("django.db.models.signals.post_save")
    assert post_save is not None
    assert post_save.payload_type is not None
    assert short_text(post_save.payload_type) == "PostSave[Model]"
    assert [*(post_save.payload or {})] == ["created", "instance", "raw", "update_fields", "using"]


def test_declared_keys_are_in_the_order_of_the_declaration() -> None:
    delivered = survey_project("bakery").signal("bakery.signals.delivered")
    assert delivered is not None
    assert [*(delivered.payload or {})] == ["street", "number"]


SHOP = """\
from blinker import Signal

done = Signal()
done.send(1, size=2)
def sell(size, extra):
    def emit(more):
        done.send(1, size=size, **more, **extra)

    emit({"more": 1})
sell(**{"size": 3, "extra": {}})
"""


def test_second_survey_reads_the_project_again(tmp_path: Path) -> None:
    # mypy's cache contains no types of expressions.
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    for _ in range(2):
        options = Options()
        options.cache_dir = str(tmp_path / "cache")
        options.python_executable = sys.executable
        # These are only known to our plugin.
        options.disable_error_code = ["signal-send"]
        options.per_module_options = {"shop": {"enable_error_code": ["signal-loose"]}}
        sources = create_source_list([str(tmp_path / "shop.py")], options)
        found = survey_of(sources, options, str(tmp_path))
        assert [*map(send_line, found.sends)] == [
            "4 shop.done.send(int, size: int)",
            "10 shop.done.send(int, size: int, more: int) through shop.sell through shop.sell.emit",
        ]
    assert any((tmp_path / "cache").iterdir())


def test_file_that_mypy_cannot_parse_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("done = \n", "utf-8")
    options = Options()
    options.cache_dir = str(tmp_path / "cache")
    found = survey_of(create_source_list([str(tmp_path / "shop.py")], options), options, "")
    assert "[syntax]" in found.problems[0]


KINDS_OF_TYPES = """
from typing import NewType, Protocol, Sized, TypedDict

from blinker import Signal

Cents = NewType("Cents", int)


class Priced(Protocol):
    price: int


class Options(TypedDict):
    size: int


class Plain: ...


done = Signal()


def bake(a: Cents, b: Priced, c: Options, d: Plain, e: Sized) -> None:
    done.send(None, a=a, b=b, c=c, d=d, e=e)
"""


def test_types_without_objects_and_names_in_packages_are_known(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "baking.py").write_text(KINDS_OF_TYPES, "utf-8")
    (tmp_path / "shop" / "__init__.py").write_text(
        "from .baking import done as baked, Plain, done as _done\n__all__ = ['baked']\n", "utf-8"
    )
    found = survey_folder(tmp_path, "shop")
    (send,) = found.sends
    exist = {
        name: isinstance(key.type, NamedType) and key.type.at_run_time
        for name, key in send.keys.items()
    }
    assert exist == {"a": False, "b": False, "c": False, "d": True, "e": True}
    assert [signal.aliases for signal in found.signals] == [("shop.baked",)]
