"""
Receivers of Flask's signals, which are blinker's: the sender comes by position.
"""

from typing import Any

import flask
from blinker import ANY, Namespace
from flask import (
    Flask,
    Response,
    got_request_exception,
    message_flashed,
    request_finished,
    request_started,
    template_rendered,
)
from jinja2 import Template

from typed_signals import receiver

app = Flask(__name__)


# --- right: under any name, with or without optional parts ---


def rendered(sender, template, context, **extra): ...
def without_extra(sender, template, context): ...
def annotated(app: Flask, template: Template, context: dict[str, Any], **extra: Any) -> None: ...
def by_position_only(sender, /, **extra): ...
def anything(*args, **kwargs): ...
def nothing(sender): ...
def keyword_only(sender, *, template, **extra): ...


template_rendered.connect(rendered, app)
template_rendered.connect(without_extra)
template_rendered.connect(annotated, sender=ANY)
template_rendered.connect(by_position_only, app)
template_rendered.connect(anything, weak=False)
template_rendered.connect(keyword_only)
request_started.connect(nothing)
kept = request_started.connect(lambda sender: None)

with template_rendered.connected_to(rendered, app):
    pass


@receiver(message_flashed, sender=app)
def under_our_decorator(sender, message, **extra): ...


@message_flashed.connect
def flashed(sender, message, category): ...


@request_finished.connect_via(app)
def finished(sender: Flask, response: Response, **extra: object) -> None: ...


class Recorder:
    def record(self, sender, response, **extra): ...


recorder = Recorder()
request_finished.connect(recorder.record, app)


# A function in a class; its first parameter is not self.
class Handlers:
    def on_rendered(sender, template, **extra): ...  # noqa: N805


template_rendered.connect(Handlers.on_rendered)
got_request_exception.send(app, exception=ValueError())
got_request_exception.send(app, _async_wrapper=app.ensure_sync, exception=ValueError())


# --- wrong ---


def takes_template_only(sender, template): ...
def misspelt(sender, tmpl, **extra): ...
def without_sender(template, **extra): ...
def no_position(*, template, **extra): ...
def asks_for_signal(sender, signal, **extra): ...
def wrong_types(sender: str, template: str, **extra: object) -> None: ...


# E: template_rendered cannot connect takes_template_only: it does not accept 'context': add **kwargs  [signal-kwargs]
template_rendered.connect(takes_template_only)
# E: template_rendered cannot connect misspelt: 'tmpl' is never sent (TemplateRendered does not declare it): remove the parameter or give it a default  [signal-parameter]
template_rendered.connect(misspelt)
# E: template_rendered cannot connect without_sender: 'template' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
template_rendered.connect(without_sender, app)
# E: flask.template_rendered cannot connect no_position: the sender is passed by position: add it as the first parameter  [signal-positional]
flask.template_rendered.connect(no_position)
# E: template_rendered cannot connect asks_for_signal: 'signal' is never sent (TemplateRendered does not declare it): remove the parameter or give it a default  [signal-parameter]
template_rendered.connect(asks_for_signal)
# E: template_rendered cannot connect wrong_types: 'sender' has type "Flask", but the parameter is annotated "str": annotate it as "Flask"  [signal-type]
# E: template_rendered cannot connect wrong_types: 'template' has type "Template" in TemplateRendered, but the parameter is annotated "str": annotate it as "Template"  [signal-type]
template_rendered.connect(wrong_types)


def wrong_app(app: str, **extra: object) -> None:
    pass


# E: template_rendered cannot connect wrong_app: 'app' has type "Flask", but the parameter is annotated "str": annotate it as "Flask"  [signal-type]
template_rendered.connect(wrong_app)

# E: template_rendered cannot connect takes_template_only: it does not accept 'context': add **kwargs  [signal-kwargs]
with template_rendered.connected_to(takes_template_only, app):
    pass


@message_flashed.connect
# E: message_flashed cannot connect message_only: it does not accept 'category': add **kwargs  [signal-kwargs]
def message_only(sender, message): ...


@message_flashed.connect_via(app)
def reads_what_is_not_there(sender, **extra):
    print(extra["message"])
    # E: 'categry' is never in extra, because message_flashed does not declare it: did you mean 'category'?  [signal-read]
    print(extra["categry"])


# E: got_request_exception.send(): missing 'exception'; GotRequestException declares 'exception'  [signal-send]
got_request_exception.send(app)
# E: got_request_exception.send(): 'exception' has type "str", but GotRequestException declares "Exception"  [signal-send]
got_request_exception.send(app, exception="no")


async def send_later() -> None:
    # E: request_finished.send_async(): missing 'response', unexpected 'reponse' (did you mean 'response'?); RequestFinished declares 'response'  [signal-send]
    await request_finished.send_async(app, reponse=Response())


# --- undeclared signals are not checked ---

own = Namespace().signal("own")
own.connect(misspelt)
own.send(app, anything=1)


# For two decorators, mypy does not say which one it checks.
@request_started.connect
@message_flashed.connect
def of_two(sender, whatever): ...


@own.connect_via(app)
def of_own(sender, whatever): ...
