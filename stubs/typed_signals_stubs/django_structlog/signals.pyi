from typing import Any, TypedDict

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from typed_signals.django import Signal

# The configuration of structlog chooses the class of loggers.
class RequestStarted(TypedDict):
    request: HttpRequest
    logger: Any
    log_kwargs: dict[str, Any]

class RequestFinished(TypedDict):
    request: HttpRequest
    logger: Any
    response: HttpResponseBase
    log_kwargs: dict[str, Any]

class RequestFailed(TypedDict):
    request: HttpRequest
    logger: Any
    exception: Exception
    log_kwargs: dict[str, Any]

class FailureResponse(TypedDict):
    request: HttpRequest
    response: HttpResponseBase
    logger: Any
    exception: Exception

# The sender is the class of the middleware.
bind_extra_request_metadata: Signal[type[Any], RequestStarted]
bind_extra_request_finished_metadata: Signal[type[Any], RequestFinished]
bind_extra_request_failed_metadata: Signal[type[Any], RequestFailed]
update_failure_response: Signal[type[Any], FailureResponse]
