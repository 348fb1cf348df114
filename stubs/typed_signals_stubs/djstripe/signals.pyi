from typing import Any, TypedDict

from djstripe.models import WebhookEventTrigger

from typed_signals.django import Signal

class WebhookReceived(TypedDict):
    instance: WebhookEventTrigger

class WebhookValidated(TypedDict):
    instance: WebhookEventTrigger
    valid: bool

class WebhookProcessed(TypedDict):
    instance: WebhookEventTrigger
    api_key: str

class WebhookFailed(TypedDict):
    instance: WebhookEventTrigger
    api_key: str
    exception: Exception
    # What the exception has as `http_body`.
    data: Any

webhook_pre_validate: Signal[type[WebhookEventTrigger], WebhookReceived]
webhook_post_validate: Signal[type[WebhookEventTrigger], WebhookValidated]
webhook_pre_process: Signal[type[WebhookEventTrigger], WebhookReceived]
webhook_post_process: Signal[type[WebhookEventTrigger], WebhookProcessed]
webhook_processing_error: Signal[type[WebhookEventTrigger], WebhookFailed]
