from typing import Any, TypedDict

from flask import Flask, Response
from jinja2 import Template
from typed_signals_stubs.blinker import Signal

# From the code of Flask 3.1. The sender is the application; all sends have the same payload.

class Nothing(TypedDict): ...

class TemplateRendered(TypedDict):
    template: Template
    context: dict[str, Any]

class RequestFinished(TypedDict):
    response: Response

class GotRequestException(TypedDict):
    exception: Exception

class TearingDown(TypedDict):
    exc: BaseException | None

class MessageFlashed(TypedDict):
    message: str
    category: str

template_rendered: Signal[Flask, TemplateRendered]
before_render_template: Signal[Flask, TemplateRendered]
request_started: Signal[Flask, Nothing]
request_finished: Signal[Flask, RequestFinished]
request_tearing_down: Signal[Flask, TearingDown]
got_request_exception: Signal[Flask, GotRequestException]
appcontext_tearing_down: Signal[Flask, TearingDown]
appcontext_pushed: Signal[Flask, Nothing]
appcontext_popped: Signal[Flask, Nothing]
message_flashed: Signal[Flask, MessageFlashed]
