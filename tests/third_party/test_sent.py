"""
The sends of other packages, checked against their declarations.
"""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import flask
import pytest
import typed_signals_stubs
from blinker import Signal

pytestmark = pytest.mark.any_python


class Keys(NamedTuple):
    """
    The keys of a payload.
    """

    names: set[str]
    is_open: bool


def declared(module: str) -> dict[str, Keys]:
    """
    Return the keys of each signal that is declared for *module*.
    """
    root = Path(next(iter(typed_signals_stubs.__path__)))
    tree = ast.parse(root.joinpath(*module.split(".")).with_suffix(".pyi").read_text("utf-8"))
    payloads: dict[str, Keys] = {}
    signals: dict[str, Keys] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            fields = [field.target for field in node.body if isinstance(field, ast.AnnAssign)]
            payloads[node.name] = Keys({ast.unparse(field) for field in fields}, is_open=False)
        elif isinstance(node, ast.AnnAssign):
            assert isinstance(node.annotation, ast.Subscript)
            assert isinstance(node.annotation.slice, ast.Tuple)
            payload = ast.unparse(node.annotation.slice.elts[1])
            signals[ast.unparse(node.target)] = payloads[payload]
        elif isinstance(node, ast.FunctionDef):
            names = {argument.arg for argument in node.args.kwonlyargs}
            signals[node.name] = Keys(names, is_open=node.args.kwarg is not None)
    return signals


def test_flask_sends_the_declared_payloads() -> None:
    sent: dict[str, set[str]] = {}
    recorders = []
    for name, signal in vars(flask.signals).items():
        if isinstance(signal, Signal):

            def record(sender: object, name: str = name, **payload: object) -> None:
                assert isinstance(sender, flask.Flask)
                assert sent.setdefault(name, set(payload)) == set(payload)

            recorders.append(record)  # the signal has only a weak reference
            signal.connect(record)
    app = flask.Flask(__name__)
    app.secret_key = "secret"  # noqa: S105

    @app.route("/right")
    def right() -> str:
        flask.flash("done")
        return flask.render_template_string("{{ 1 }}")

    @app.route("/streamed")
    def streamed() -> flask.Response:
        return flask.Response(flask.stream_template_string("{{ 1 }}"))

    @app.route("/wrong")
    def wrong() -> str:
        raise ValueError

    client = app.test_client()
    assert [client.get(f"/{page}").status_code for page in ("right", "streamed", "wrong")] == [
        200,
        200,
        500,
    ]
    assert sent == {name: keys.names for name, keys in declared("flask.signals").items()}


ALLAUTH = Path(
    (find_spec("allauth") or pytest.fail("allauth is not installed")).origin or ""
).parent


def sent_by_allauth() -> dict[str, list[Keys]]:
    """
    Return the keys of each send in allauth's code, by the name of the signal.
    """
    sent: dict[str, list[Keys]] = {}
    for file in ALLAUTH.rglob("*.py"):
        if "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("send", "send_robust")
                and any(keyword.arg == "sender" for keyword in node.keywords)
            ):
                signal = ast.unparse(node.func.value).rpartition(".")[2]
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                keys = Keys(names - {"sender"}, is_open=any(not k.arg for k in node.keywords))
                sent.setdefault(signal, []).append(keys)
    return sent


@pytest.mark.parametrize("app", ["account", "mfa", "socialaccount", "usersessions"])
def test_allauth_sends_the_declared_payloads(app: str) -> None:
    sent = sent_by_allauth()
    signals = declared(f"allauth.{app}.signals")
    # Each signal of the module is declared, except for the private one, and no other.
    tree = ast.parse((ALLAUTH / app / "signals.py").read_text("utf-8"))
    made = {
        ast.unparse(node.targets[0])
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "Signal()"
    }
    assert {name for name in made if not name.startswith("_")} == signals.keys()
    for name, keys in signals.items():
        # Between a signal and its send, there may only be a common helper.
        assert sent[name], name
        for keys_sent in sent[name]:
            assert keys_sent == keys, name
