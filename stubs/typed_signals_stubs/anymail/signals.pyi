from typing import TypedDict

from anymail.backends.base import AnymailBaseBackend
from anymail.message import AnymailStatus
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from django.core.mail import EmailMessage

from typed_signals.django import Signal

# From the code of django-anymail 10 to 15.

class BeforeSending(TypedDict):
    message: EmailMessage
    esp_name: str

class AfterSending(TypedDict):
    message: EmailMessage
    status: AnymailStatus
    esp_name: str

class Tracked(TypedDict):
    event: AnymailTrackingEvent
    esp_name: str

class Received(TypedDict):
    event: AnymailInboundEvent
    esp_name: str

pre_send: Signal[type[AnymailBaseBackend], BeforeSending]
post_send: Signal[type[AnymailBaseBackend], AfterSending]
tracking: Signal[type[AnymailCoreWebhookView], Tracked]
inbound: Signal[type[AnymailCoreWebhookView], Received]
