"""
Blocks as decorators of classes with tests, of their fixtures, and of setup functions.
"""

from __future__ import annotations

import asyncio
import unittest
from textwrap import dedent
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from tests.support import unchecked
from typed_signals import Signal
from typed_signals.testing import isolate, mute, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester"]


class OrderPlaced(TypedDict):
    order_id: int


order_placed = Signal[object, OrderPlaced]()

# The names of what ran, with the responses of a send there.
seen: list[tuple[str, list[Any]]] = []


def answer(**kwargs: Any) -> str:
    return "answer"


def see(name: str) -> None:
    seen.append((name, [response for _, response in order_placed.send(None, order_id=7)]))


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    seen.clear()
    with order_placed.connected(answer):
        yield
        see("after")
    assert seen.pop() == ("after", ["answer"])
    seen.clear()


def run(cls: type[unittest.TestCase], tests: int = 1) -> None:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(cls).run(result)
    assert result.testsRun == tests
    assert result.wasSuccessful(), result.errors + result.failures


def assert_muted(*names: str) -> None:
    assert seen == [(name, []) for name in names]


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.addClassCleanup(see, "class cleanup")
        see("setUpClass")

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(see, "cleanup")
        see("setUp")

    def test_one(self) -> None:
        see("test_one")

    def tearDown(self) -> None:
        see("tearDown")

    @classmethod
    def tearDownClass(cls) -> None:
        see("tearDownClass")

    def help(self) -> None:
        see("help")


WHOLE = (
    *("setUpClass", "setUp", "test_one", "tearDown", "cleanup"),
    *("tearDownClass", "class cleanup"),
)


class TestUnittest:
    """
    Classes of unittest.
    """

    def test_all_of_a_test(self) -> None:
        @mute(order_placed)
        class Muted(Base): ...

        run(Muted)
        assert_muted(*WHOLE)
        Muted("test_one").help()
        assert seen[-1] == ("help", ["answer"])

    def test_base_class_is_unchanged(self) -> None:
        mute(order_placed)(type("Muted", (Base,), {}))
        run(Base)
        assert seen == [(name, ["answer"]) for name in WHOLE]

    def test_debug(self) -> None:
        @mute(order_placed)
        class Muted(Base): ...

        Muted("test_one").debug()
        assert_muted("setUp", "test_one", "tearDown", "cleanup")

    def test_subclass_with_methods_of_its_own(self) -> None:
        @mute(order_placed)
        class Muted(unittest.TestCase):
            """Without tests."""

        class Sub(Muted):
            @classmethod
            def setUpClass(cls) -> None:
                see("setUpClass")

            def setUp(self) -> None:
                see("setUp")

            def test_sub(self) -> None:
                see("test_sub")

        run(Sub)
        assert_muted("setUpClass", "setUp", "test_sub")

    def test_methods_of_other_bases_are_called(self) -> None:
        @mute(order_placed)
        class Muted(unittest.TestCase): ...

        class Sub(Muted, Base): ...

        run(Sub)
        assert_muted(*WHOLE)

    def test_mixin(self) -> None:
        @mute(order_placed)
        class Mixin:
            def setUp(self) -> None:
                super().setUp()  # type: ignore[misc]
                see("mixin")

        class Sub(Mixin, Base): ...

        run(Sub)
        assert_muted("setUpClass", "setUp", "mixin", *WHOLE[2:])

    def test_several_decorators_and_own_init_subclass(self) -> None:
        made = []

        @mute(order_placed, receivers=[answer])
        @mute(order_placed)
        class Muted(Base):
            def __init_subclass__(cls, **kwargs: Any) -> None:
                super().__init_subclass__(**kwargs)
                made.append(cls)

        class Sub(Muted): ...

        run(Sub)
        assert_muted(*WHOLE)
        assert made == [Sub]

    def test_async_tests(self) -> None:
        @mute(order_placed)
        class Muted(unittest.IsolatedAsyncioTestCase):
            def setUp(self) -> None:
                see("setUp")

            async def asyncSetUp(self) -> None:
                self.addAsyncCleanup(self.clean_up)
                await self.see("asyncSetUp")

            async def test_one(self) -> None:
                await self.see("test_one")

            async def asyncTearDown(self) -> None:
                await self.see("asyncTearDown")

            async def clean_up(self) -> None:
                await self.see("cleanup")

            async def see(self, name: str) -> None:
                responses = await order_placed.asend(None, order_id=7)
                seen.append((name, [response for _, response in responses]))

        class Sub(Muted):
            def setUp(self) -> None:
                see("sub")

        class Other(Muted): ...

        names = ("asyncSetUp", "test_one", "asyncTearDown", "cleanup")
        for cls, name in ((Muted, "setUp"), (Sub, "sub"), (Other, "setUp")):
            seen.clear()
            run(cls)
            assert_muted(name, *names)

    def test_each_test_is_isolated(self) -> None:
        @isolate(order_placed)
        class Isolated(unittest.TestCase):
            def setUp(self) -> None:
                order_placed.disconnect(answer)
                see("setUp")

            def test_one(self) -> None:
                see("test_one")

            test_two = test_one

        run(Isolated, tests=2)
        assert_muted("setUp", "test_one", "setUp", "test_one")
        assert order_placed.has_listeners()

    def test_each_test_is_validated(self) -> None:
        @validate(order_placed)
        class Validated(unittest.TestCase):
            def test_one(self) -> None:
                with pytest.raises(TypeError, match="is declared as int"):
                    order_placed.send(None, order_id=unchecked("7"))

        run(Validated)


SHOP = """
import pytest
from typed_signals import Signal
from typed_signals.testing import isolate, mute

order_placed = Signal()
seen = []

def answer(**kwargs):
    return "answer"

def see(name):
    seen.append((name, order_placed.send(None)))

order_placed.connect(answer)
"""

CLASSES = """
@mute(order_placed)
def setup_module(module):
    assert module.__name__ == "test_shop"
    see("setup_module")

@mute(order_placed)
def teardown_module():
    see("teardown_module")

@mute(order_placed)
def setup_function(function):
    assert callable(function)
    see("setup_function")

def test_function():
    seen.clear()

@mute(order_placed)
class TestMuted:
    @classmethod
    def setup_class(cls):
        assert cls.number == 1
        see("setup_class")

    def setup_method(self):
        see("setup_method")

    @pytest.mark.parametrize("value", [1, 2])
    def test_one(self, value, request):
        assert value in (1, 2)
        see("test_one")

    @staticmethod
    def test_static(request):
        see("test_static")

    @classmethod
    def test_class(cls, request):
        assert cls.number == 1
        see("test_class")

    number = 1
    test_number = 1

    def teardown_method(self, method):
        assert method.__name__.startswith("test_")
        see("teardown_method")

class TestSub(TestMuted):
    number = 1

    def setup_class(cls):
        super().setup_class()

    def setup_method(self, method):
        super().setup_method()
        assert method.__name__.startswith("test_")

    @pytest.mark.asyncio
    async def test_async(self):
        await order_placed.asend(None)
        see("test_async")

class Other:
    def test_other(self):
        see("test_other")

class TestTwoBases(TestMuted, Other):
    pass

class TestOther(Other):
    pass

@mute(order_placed)
class TestSetUpOnly:
    def setup_method(self):
        see("setup_only")

class TestTests(TestSetUpOnly):
    def test_sub(self):
        see("test_sub")

def test_all():
    names = [name for name, _ in seen]
    assert names.count("test_one") == 6
    others = {"test_async", "test_static", "test_class", "test_other", "setup_class", "test_sub"}
    assert others <= set(names)
    heard = [name for name, responses in seen if responses]
    assert heard == ["test_other"]
    seen.clear()
"""


def test_classes_and_setup_functions_of_pytest(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(test_shop=SHOP + CLASSES)
    result = pytester.runpytest_subprocess("-p", "no:django", "-W", "error")
    result.assert_outcomes(passed=18)


def test_fixtures_of_pytest(pytester: pytest.Pytester) -> None:
    fixtures = """
    with pytest.raises(TypeError, match="put other decorators, such as @property and @pytest.fi"):
        @mute(order_placed)
        @pytest.fixture
        def refused(): ...

    @pytest.fixture
    @mute(order_placed)
    def muted(request):
        see("muted")
        yield 7
        see("muted")

    def test_muted(muted):
        assert muted == 7
        see("test")

    def test_after():
        assert [responses for _, responses in seen] == [[], [(answer, "answer")], []]
    """
    pytester.makepyfile(test_shop=SHOP + dedent(fixtures))
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:asyncio", "-W", "error")
    result.assert_outcomes(passed=2)


def test_kinds_of_methods_of_a_class() -> None:
    @mute(order_placed)
    class TestShop:
        test_number = 1

        def test_method(self) -> None:
            see("method")

        @classmethod
        def test_class(cls) -> None:
            see("class")

        @staticmethod
        def test_static() -> None:
            see("static")

    class TestSub(TestShop): ...

    for cls in (TestShop, TestSub):
        seen.clear()
        cls().test_method()
        cls.test_class()
        cls.test_static()
        assert_muted("method", "class", "static")
    with pytest.raises(TypeError, match="has no methods whose names begin with 'test'"):
        mute(order_placed)(type("Shop", (), {"test_number": 1}))


class TestOtherDecorators:
    """
    Above and below a block.
    """

    def test_class_and_static_methods(self) -> None:
        class Loader:
            @mute(order_placed)
            @classmethod
            def load(cls) -> Any:
                see(cls.__name__)

            @staticmethod
            @mute(order_placed)
            def load_below(name: str) -> Any:
                see(name)

            @mute(order_placed)
            @staticmethod
            def load_above(name: str) -> Any:
                see(name)

            @property
            @mute(order_placed)
            def loaded(self) -> int:
                see("loaded")
                return 7

        Loader.load()
        Loader().load_below("below")
        Loader.load_above(name="above")
        assert Loader().loaded == 7
        assert_muted("Loader", "below", "above", "loaded")

    def test_property(self) -> None:
        with pytest.raises(TypeError, match="put other decorators, such as @property"):
            mute(order_placed)(unchecked(property(see)))

    def test_arguments_are_passed_on(self) -> None:
        def none() -> Any:
            return ()

        def one(first: int) -> Any:
            return (first,)

        def two(first: int, second: int = 2) -> Any:
            return (first, second)

        def three(first: int, second: int, third: int, *rest: int, last: int = 9) -> Any:
            return (first, second, third, *rest, last)

        for function in (none, one, two, three):
            made = mute(order_placed)(function)
            code: Any = unchecked(made).__code__
            assert code.co_argcount == min(function.__code__.co_argcount, 2)
        assert mute(order_placed)(one)(1) == mute(order_placed)(one)(first=1) == (1,)
        assert mute(order_placed)(two)(1) == mute(order_placed)(two)(1, second=2) == (1, 2)
        assert mute(order_placed)(two)(second=2, first=1) == (1, 2)
        assert mute(order_placed)(three)(1, 2, 3, 4, last=5) == (1, 2, 3, 4, 5)
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
            mute(order_placed)(unchecked(one))()


class TestIsolatedFunctions:
    """
    ``@isolate(...)``.
    """

    def test_function(self) -> None:
        @isolate()
        def change(number: int) -> int:
            order_placed.disconnect(answer)
            see("change")
            return number

        assert change(7) == 7
        assert_muted("change")
        assert order_placed.has_listeners()

    def test_async_function(self) -> None:
        @isolate(order_placed)
        async def change() -> None:
            order_placed.disconnect(answer)
            await asyncio.sleep(0)
            see("change")

        asyncio.run(change())
        assert_muted("change")
        assert order_placed.has_listeners()

    def test_generator(self) -> None:
        def generate() -> Iterator[int]:
            yield 7

        with pytest.raises(TypeError, match=r"^isolate\(\) does not decorate generators, as <fun"):
            isolate()(generate)

    def test_class_of_pytest(self) -> None:
        class TestShop:
            def test_one(self) -> None: ...

        with pytest.raises(TypeError, match="functions and subclasses of TestCase, not <class"):
            isolate()(TestShop)
