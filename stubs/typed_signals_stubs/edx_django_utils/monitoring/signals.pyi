from typing import TypedDict

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from edx_django_utils.monitoring.internal.middleware import MonitoringSupportMiddleware

from typed_signals.django import Signal

# From the code of edx-django-utils 7.2 to 8.1.

class RequestStart(TypedDict):
    request: HttpRequest

class RequestDone(TypedDict):
    request: HttpRequest
    response: HttpResponseBase

class RequestFailed(TypedDict):
    request: HttpRequest
    exception: Exception

monitoring_support_process_request: Signal[type[MonitoringSupportMiddleware], RequestStart]
monitoring_support_process_response: Signal[type[MonitoringSupportMiddleware], RequestDone]
monitoring_support_process_exception: Signal[type[MonitoringSupportMiddleware], RequestFailed]
