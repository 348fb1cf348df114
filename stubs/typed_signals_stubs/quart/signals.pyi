from typing import Any, TypedDict

from jinja2 import Template
from quart import Quart
from typed_signals_stubs.blinker import Signal

class Nothing(TypedDict): ...

class TemplateRendered(TypedDict):
    template: Template
    context: dict[str, Any]

# A response of Quart or of Werkzeug; of websockets, perhaps None.
class Finished(TypedDict):
    response: Any

class TearingDown(TypedDict):
    exc: BaseException | None

class GotException(TypedDict):
    exception: Exception

class MessageFlashed(TypedDict):
    message: str
    category: str

before_render_template: Signal[Quart, TemplateRendered]
template_rendered: Signal[Quart, TemplateRendered]
request_started: Signal[Quart, Nothing]
request_finished: Signal[Quart, Finished]
request_tearing_down: Signal[Quart, TearingDown]
got_background_exception: Signal[Quart, GotException]
got_serving_exception: Signal[Quart, GotException]
got_request_exception: Signal[Quart, GotException]
websocket_started: Signal[Quart, Nothing]
websocket_finished: Signal[Quart, Finished]
websocket_tearing_down: Signal[Quart, TearingDown]
got_websocket_exception: Signal[Quart, GotException]
appcontext_tearing_down: Signal[Quart, TearingDown]
appcontext_pushed: Signal[Quart, Nothing]
appcontext_popped: Signal[Quart, Nothing]
message_flashed: Signal[Quart, MessageFlashed]

# The message is the sender.
websocket_received: Signal[str | bytes, Nothing]
websocket_sent: Signal[str | bytes, Nothing]
