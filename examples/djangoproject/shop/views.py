"""
The pages of the shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from .models import Pizza

if TYPE_CHECKING:
    from django.http import HttpRequest


def menu(request: HttpRequest) -> HttpResponse:
    pizzas = Pizza.objects.filter(is_available=True).order_by("name")
    return HttpResponse(", ".join(map(str, pizzas)), content_type="text/plain")
