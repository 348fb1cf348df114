"""
Where the reference states a signature, it has the parameters of the code.

That no public name is missing in the reference is an error of ``make docs``: see ``docs/conf.py``.
"""

from __future__ import annotations

import ast
import inspect
import re
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, get_overloads

import pytest

from tests.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

_DIRECTIVE = re.compile(
    r"^( *)\.\. auto(class|function|method):: ([\w.]+)(?:\((.*)\)(?: -> .*)?)?$", re.MULTILINE
)


def stated_signatures() -> Iterator[tuple[str, Any, str]]:
    """
    Yield the name, the function and the parameters, for each signature in the reference.
    """
    for page in sorted((ROOT / "docs/reference/api").glob("*.rst")):
        owner = ""
        for _, kind, name, stated in _DIRECTIVE.findall(page.read_text("utf-8")):
            if kind == "class":
                owner = name
            elif stated:  # others may need packages that are not installed
                full_name = f"{owner}.{name}" if kind == "method" else name
                yield f"{page.stem}, {name}", resolve_name(full_name), stated


STATED = list(stated_signatures())


@pytest.mark.parametrize(("value", "stated"), [x[1:] for x in STATED], ids=[x[0] for x in STATED])
def test_stated_parameters_are_those_of_the_code(value: Any, stated: str) -> None:
    [function] = ast.parse(f"def stated({stated}): ...").body
    assert isinstance(function, ast.FunctionDef)
    namespace: dict[str, Any] = {}
    exec(f"from __future__ import annotations\n{ast.unparse(function)}", namespace)
    found = inspect.signature(namespace["stated"]).parameters
    signatures = [*map(inspect.signature, get_overloads(value)), inspect.signature(value)]
    in_code = {name: each for one in signatures for name, each in one.parameters.items()}
    for name, parameter in found.items():
        defaults = [one.parameters[name].default for one in signatures if name in one.parameters]
        assert parameter.default in defaults
        assert parameter.kind == in_code[name].kind
    assert {"self", *found} >= {*inspect.signature(value).parameters}


def test_there_are_some() -> None:
    assert len(STATED) > 5
