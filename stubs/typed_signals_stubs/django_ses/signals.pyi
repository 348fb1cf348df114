from collections.abc import Callable
from typing import Any, TypedDict

from django.core.mail import EmailMessage
from django_ses import SESBackend

from typed_signals.django import Signal

class MessageSent(TypedDict):
    message: EmailMessage

# The objects in the notifications of Amazon SES.
class BounceReceived(TypedDict):
    mail_obj: dict[str, Any]
    bounce_obj: dict[str, Any]
    raw_message: bytes

class ComplaintReceived(TypedDict):
    mail_obj: dict[str, Any]
    complaint_obj: dict[str, Any]
    raw_message: bytes

class DeliveryReceived(TypedDict):
    mail_obj: dict[str, Any]
    delivery_obj: dict[str, Any]
    raw_message: bytes

class SendReceived(TypedDict):
    mail_obj: dict[str, Any]
    send_obj: dict[str, Any]
    raw_message: bytes

class OpenReceived(TypedDict):
    mail_obj: dict[str, Any]
    open_obj: dict[str, Any]
    raw_message: bytes

class ClickReceived(TypedDict):
    mail_obj: dict[str, Any]
    click_obj: dict[str, Any]
    raw_message: bytes

message_sent: Signal[type[SESBackend], MessageSent]

# The sender is the function or the method that handles the notification.
bounce_received: Signal[Callable[..., Any], BounceReceived]
complaint_received: Signal[Callable[..., Any], ComplaintReceived]
delivery_received: Signal[Callable[..., Any], DeliveryReceived]
send_received: Signal[Callable[..., Any], SendReceived]
open_received: Signal[Callable[..., Any], OpenReceived]
click_received: Signal[Callable[..., Any], ClickReceived]
