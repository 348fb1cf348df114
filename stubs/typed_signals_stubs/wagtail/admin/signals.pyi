from typing import TypedDict

from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Page

from typed_signals.django import Signal

# From the code of Wagtail 5.2. It is in `wagtail.signals` in newer versions.

class NewPage(TypedDict):
    page: Page
    parent: Page

init_new_page: Signal[type[CreateView], NewPage]
