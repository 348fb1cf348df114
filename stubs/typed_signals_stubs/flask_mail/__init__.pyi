from typing import TypedDict

from flask import Flask
from flask_mail import Message
from typed_signals_stubs.blinker import Signal

# Before 0.10, the message was the sender.
class EmailDispatched(TypedDict):
    message: Message

email_dispatched: Signal[Flask, EmailDispatched]
