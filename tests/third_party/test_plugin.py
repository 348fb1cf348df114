"""
How a project declares the signals of other packages.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mypy.nodes import GDEF, MypyFile, SymbolTable, SymbolTableNode, Var

from tests.mypy_runs import CONFIG, copy_library_cache, run_mypy
from typed_signals.mypy.lib.same_named import is_same_named

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python

OWNER = """
from blinker import signal

pizza_done = signal("pizza-done")
"""

DECLARATION = """
from typing import TypedDict

from typed_signals_stubs.blinker import Signal

class PizzaDone(TypedDict):
    size: int

pizza_done: Signal[object, PizzaDone]
"""

RECEIVERS = """
from bakery.signals import pizza_done

@pizza_done.connect
def log(sender, size, toppings, **extra): ...
"""

REPORT = (
    "receivers.py:5: error: pizza_done cannot connect log: 'toppings' is never sent (PizzaDone "
    "does not declare it): remove the parameter or give it a default  [signal-parameter]"
)

INI = CONFIG
CONFIGURED = f"{INI}mypy_path = declarations\n[typed-signals]\ndeclarations = shop_signals\n"
TOML = "[tool.mypy]\nplugins = ['typed_signals.mypy']\ncheck_untyped_defs = true\n"
TOML_SECTION = "[tool.typed-signals]\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return the folder of a shared cache, because most checked code is the same in all tests.
    """
    return copy_library_cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def check(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """
    Return a function that runs mypy on a project, with a configuration.
    """
    monkeypatch.chdir(tmp_path)
    files = {
        "bakery/signals.py": OWNER,
        "declarations/shop_signals/bakery/signals.pyi": DECLARATION,
        "receivers.py": RECEIVERS,
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for name in ("bakery/__init__.py", "declarations/shop_signals/__init__.pyi"):
        (tmp_path / name).touch()

    def run(text: str, name: str = "mypy.ini") -> list[str]:
        (tmp_path / name).write_text(text, "utf-8")
        options = ["--config-file", name, "--cache-dir", str(cache), "--no-error-summary"]
        output, problems, _ = run_mypy([*options, "--show-traceback", "receivers.py"])
        return (output + problems).splitlines()

    return run


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CONFIGURED, "mypy.ini"),
        (
            f"{INI}mypy_path = declarations\n[typed-signals]\ndeclarations =\n  shop_signals,\n",
            "setup.cfg",
        ),
        (
            f"{TOML}mypy_path = 'declarations'\n{TOML_SECTION}declarations = ['shop_signals']\n",
            "pyproject.toml",
        ),
    ],
)
def test_project_declares_the_signals_of_others(
    check: Callable[..., list[str]], text: str, name: str
) -> None:
    assert check(text, name) == [REPORT]


def test_declarations_matter_in_a_warm_run(check: Callable[..., list[str]], tmp_path: Path) -> None:
    assert check(f"{INI}mypy_path = declarations\n") == []
    assert check(CONFIGURED) == [REPORT]
    declaration = tmp_path / "declarations/shop_signals/bakery/signals.pyi"
    declaration.write_text(
        DECLARATION.replace("size: int", "size: int; toppings: list[str]"), "utf-8"
    )
    assert check(CONFIGURED) == []
    shutil.rmtree(declaration.parent)
    assert check(CONFIGURED) == []
    declaration.parent.mkdir()
    declaration.write_text(DECLARATION, "utf-8")
    assert check(CONFIGURED) == [REPORT]


def test_project_declares_signals_of_its_own_packages(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    relative = RECEIVERS.replace("bakery.signals", ".signals")
    (tmp_path / "bakery/receivers.py").write_text(relative, "utf-8")
    (tmp_path / "receivers.py").write_text("import bakery.receivers", "utf-8")
    assert check(CONFIGURED) == [f"bakery/{REPORT}"]


def test_declaration_may_be_in_a_nested_package(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    for folder, text, ending in (
        ("bakery/kitchen", OWNER, "py"),
        ("declarations/shop_signals/bakery/kitchen", DECLARATION, "pyi"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"__init__.{ending}").write_text(text, "utf-8")
    (tmp_path / "receivers.py").write_text(
        RECEIVERS.replace("bakery.signals", "bakery.kitchen"), "utf-8"
    )
    assert check(CONFIGURED) == [REPORT]


def test_package_of_declarations_may_have_no_init(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "declarations/shop_signals/__init__.pyi").unlink()
    assert check(CONFIGURED) == [REPORT]


def test_signal_may_be_accessed_through_its_module(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    by_module = RECEIVERS.replace(
        "from bakery.signals import pizza_done", "from bakery import signals"
    )
    (tmp_path / "receivers.py").write_text(
        by_module.replace("@pizza_done", "@signals.pizza_done"), "utf-8"
    )
    assert check(CONFIGURED) == [REPORT.replace("pizza_done", "signals.pizza_done")]


@pytest.mark.parametrize("argument", ["pizza_done", "[pizza_done]", "signal=pizza_done"])
def test_package_that_owns_a_signal_may_have_no_types(
    check: Callable[..., list[str]], tmp_path: Path, argument: str
) -> None:
    shutil.rmtree(tmp_path / "bakery")
    declaration = DECLARATION.replace("typed_signals_stubs.blinker", "typed_signals")
    (tmp_path / "declarations/shop_signals/bakery/signals.pyi").write_text(declaration, "utf-8")
    ours = RECEIVERS.replace("@pizza_done.connect", f"@receiver({argument})")
    (tmp_path / "receivers.py").write_text(f"from typed_signals import receiver{ours}", "utf-8")
    configured = CONFIGURED.replace("[mypy]", "[mypy]\nignore_missing_imports = true")
    assert check(configured) == [REPORT]


def test_own_package_is_not_another_package_of_the_same_name(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "bakery/receivers.py").write_text(
        RECEIVERS.replace(
            "from bakery", "import bakery.signals\nfrom typed_signals import receiver\nfrom .bakery"
        ).replace("@pizza_done.connect", "@receiver([pizza_done])"),
        "utf-8",
    )
    (tmp_path / "receivers.py").write_text("import bakery.receivers", "utf-8")
    assert check(CONFIGURED.replace(INI, f"{INI}ignore_missing_imports = true\n")) == []


def test_projects_own_declarations_come_before_ours(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    own = tmp_path / "declarations/shop_signals/flask/signals.pyi"
    own.parent.mkdir(parents=True)
    own.write_text(DECLARATION.replace("pizza_done", "message_flashed"), "utf-8")
    (tmp_path / "receivers.py").write_text(
        RECEIVERS.replace("bakery", "flask").replace("pizza_done", "message_flashed"), "utf-8"
    )
    assert check(CONFIGURED) == [REPORT.replace("pizza_done", "message_flashed")]
    # So a project turns off the checks of a signal.
    own.write_text("from typing import Any\nmessage_flashed: Any\n")
    assert check(CONFIGURED) == []


def test_declaration_may_have_type_parameters_of_every_kind(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    declaration = tmp_path / "declarations/shop_signals/bakery/signals.pyi"
    variable = "pizza_done: Signal[object, PizzaDone]"
    function = "def pizza_done(sender: Callable[P, R]) -> Signal[Callable[P, R], PizzaDone]: ..."
    assert variable in DECLARATION
    declaration.write_text(
        "from typing import Callable, ParamSpec, TypeVar\n"
        "P = ParamSpec('P')\nR = TypeVar('R')\n" + DECLARATION.replace(variable, function),
        "utf-8",
    )
    assert check(CONFIGURED) == [REPORT]


def test_invalid_relative_import_is_reported_by_mypy(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "receivers.py").write_text(f"{RECEIVERS}\nfrom ...bakery import signals\n", "utf-8")
    told = check(CONFIGURED)
    assert REPORT in told
    assert "receivers.py:7: error: Relative import climbs too many namespaces  [misc]" in told


NOT_FOUND = (
    "cannot read the package 'no_such', because mypy does not find it: install it, or add "
    "its parent folder to mypy_path"
)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        (
            "declarations = no_such",
            NOT_FOUND,
        ),
        (
            "declarations = allauth",
            (
                "cannot read the package 'allauth', because it has no file py.typed: add one next "
                "to its __init__.pyi"
            ),
        ),
        (
            "declarations = declarations/shop_signals",
            (
                "cannot read the package 'declarations/shop_signals', because this is a path: "
                "write the name of the package"
            ),
        ),
        ("declaration = x", "has no option 'declaration': did you mean 'declarations'?"),
        ("strict = true", "has no option 'strict': the only option is 'declarations'"),
    ],
)
def test_wrong_configuration_ends_mypy(
    check: Callable[..., list[str]], section: str, problem: str
) -> None:
    assert check(f"{INI}[typed-signals]\n{section}\n") == [
        f"mypy.ini: error: [typed-signals] {problem}"
    ]


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("typed_signals", "mypy.ini"),
        ("typed-signal", "setup.cfg"),
        ("tool.typed-signals", "mypy.ini"),
        ("tool.typed_signals", "pyproject.toml"),
        ("typed-signals", "pyproject.toml"),
    ],
)
def test_section_with_a_similar_name_ends_mypy(
    check: Callable[..., list[str]], section: str, name: str
) -> None:
    start = TOML if name.endswith(".toml") else INI
    wanted = "tool.typed-signals" if name.endswith(".toml") else "typed-signals"
    assert check(f"{start}[{section}]\n", name) == [
        f"{name}: error: [{wanted}] is the name of the section, not [{section}]: rename it"
    ]
    assert check(f"{start}[{wanted}]\n[typed-signals-of-others]\n", name) == []


def test_section_in_a_file_that_mypy_does_not_read_ends_mypy(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    other = tmp_path / "pyproject.toml"
    other.write_text(f"{TOML_SECTION}declarations = ['shop_signals']\n")
    problem = "is in pyproject.toml, which mypy does not read: move it to mypy.ini"
    assert check(INI) == [f"mypy.ini: error: [typed-signals] {problem}"]
    assert check(CONFIGURED) == [REPORT]
    assert check(INI, "another.ini") == []
    other.write_text(TOML)
    assert check(INI) == []


def test_missing_init_is_reported_if_mypy_needs_it(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    strict = CONFIGURED.replace("[mypy]\n", "[mypy]\nnamespace_packages = false\n")
    problem = "has bakery.signals, but mypy does not find it: add an __init__.pyi to each folder"
    assert check(strict) == [f"mypy.ini: error: [typed-signals] 'shop_signals' {problem}"]
    (tmp_path / "declarations/shop_signals/__init__.pyi").unlink()
    problem = NOT_FOUND.replace("no_such", "shop_signals") + ", with an __init__.pyi in each folder"
    assert check(strict) == [f"mypy.ini: error: [typed-signals] {problem}"]


def test_declaration_that_is_not_a_stub_file_ends_mypy(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "declarations/shop_signals/bakery"
    (folder / "signals.pyi").rename(folder / "signals.py")
    problem = "'shop_signals' has bakery/signals.py, but declarations are stub files"
    assert check(CONFIGURED) == [
        f"mypy.ini: error: [typed-signals] {problem}: rename it to signals.pyi"
    ]
    (folder / "signals.py").rename(folder / "helpers_of_declarations.py")
    assert check(CONFIGURED) == []


@pytest.mark.parametrize("used", ["@pizza_done.connect", "@receiver(pizza_done)"])
def test_wrong_declaration_that_depends_on_another_file_is_reported_where_it_is_used(
    check: Callable[..., list[str]], tmp_path: Path, used: str
) -> None:
    declaration = tmp_path / "declarations/shop_signals/bakery/signals.pyi"
    declaration.with_name("data.pyi").write_text("class PizzaDone: ...")
    ours = DECLARATION.replace("typed_signals_stubs.blinker", "typed_signals")
    declaration.write_text(
        ours.replace("class PizzaDone(TypedDict):\n    size: int", "from .data import PizzaDone")
    )
    text = RECEIVERS.replace("@pizza_done.connect", used)
    (tmp_path / "receivers.py").write_text(f"from typed_signals import receiver\n{text}")
    reported = [line for line in check(CONFIGURED) if "[signal-" in line]
    assert len(reported) == 1
    assert (
        "error: the declaration of pizza_done: the payload PizzaDone is not a TypedDict: "
    ) in reported[0]


def test_wrong_type_in_a_toml_file_ends_mypy(check: Callable[..., list[str]]) -> None:
    assert check(f"{TOML}{TOML_SECTION}declarations = 1\n", "pyproject.toml") == [
        (
            "pyproject.toml: error: [tool.typed-signals] "
            "declarations must be a list of package names, not 1"
        )
    ]


def test_own_app_may_have_the_name_of_a_package(
    check: Callable[..., list[str]], tmp_path: Path
) -> None:
    app = tmp_path / "payments"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "signals.py").write_text(
        "from django.dispatch import Signal\nfrom .models import *\nstatus_changed = Signal()\n",
        "utf-8",
    )
    (tmp_path / "receivers.py").write_text(
        "from django.dispatch import receiver\n"
        "from payments.signals import status_changed\n\n"
        "@receiver(status_changed)\ndef log(sender, invoice, **kwargs): ...\n",
        "utf-8",
    )
    reports = []
    for model in ("Invoice", "BasePayment"):
        (app / "models.py").write_text(f"class {model}: ...\n", "utf-8")
        reports.append(check(INI))
    assert reports[0] == []
    (report,) = reports[1]
    assert "'invoice' is never sent (StatusChanged does not declare it)" in report


def test_package_without_types_may_be_around_its_signals(tmp_path: Path) -> None:
    stub, package = MypyFile([], []), MypyFile([], [])
    stub.path = str(tmp_path / "signals.pyi")
    package.names = SymbolTable()
    Path(stub.path).write_text("from knox import AuthToken\n", "utf-8")
    # mypy only reads knox.signals, and has a module without names around it.
    assert not is_same_named(stub, "knox.signals", {"knox": package})
    package.names["User"] = SymbolTableNode(GDEF, Var("User"))
    assert is_same_named(stub, "knox.signals", {"knox": package})
