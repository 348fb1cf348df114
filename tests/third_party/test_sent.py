"""
What other packages really send, checked against their declarations.
"""

from __future__ import annotations

import flask
import pytest
from blinker import Signal
from primer.packages import declared_in

pytestmark = pytest.mark.any_python


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
    assert sent == {name: {*each.types} for name, each in declared_in("flask.signals").items()}
