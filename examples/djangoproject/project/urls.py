"""
The pages.
"""

from __future__ import annotations

from django.urls import path

from shop.views import menu

urlpatterns = [path("", menu)]
