"""
Types of what Django passes to views and receivers, which have no annotations.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from mypy.nodes import FakeInfo, NameExpr, Var
from mypy.types import Instance

from typed_signals.cli.survey.program import Program, class_of_type

from .commands import write_project
from .surveys import send_line, survey_folder

if TYPE_CHECKING:
    from pathlib import Path

SHOP = """\
from django.contrib.admin import ModelAdmin
from django.db.models import CASCADE, ForeignKey, Model
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import Signal, receiver
from django.urls import path
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework.views import APIView
from typed_signals import Signal as TypedSignal
from typing import Any, NotRequired, TypedDict

class Old(ForeignKey):
    def __get__(self, instance, owner): ...
class Order(Model):
    old = Old("Order", CASCADE)
    number: int
    def note(self):
        seen.send(None, old=self.old, number=self.number)
class Baked(TypedDict):
    size: int
    note: NotRequired[str]

baked = TypedSignal[Any, Baked]()
undeclared = Signal()
seen = Signal()

class OrderAdmin(ModelAdmin):
    def get_urls(self):
        def pat(route, view):
            return path(route, self.admin_site.admin_view(view))
        return [pat("pay", self.pay), pat("none", None), path("made", self.made()), pat(*["lost"])]
    def pay(self, request):
        seen.send(None, admin=request)
    def made(self):
        return unknown_view

@csrf_exempt
def show(request, number):
    seen.send(None, view=request, number=number)

def plain(request):
    seen.send(None, plain=request)

def url_of(request):
    seen.send(None, not_a_view=request)

views = [plain]
for view in views:
    urlpatterns = [path("", show), path("x", csrf_exempt(view))]
path("y", View.as_view(url=url_of))
path("deep", a(b(c(d(e(f(g(show))))))))

class Box:
    def get(self, key):
        seen.send(None, not_http=key)

class Mixin:
    def pay(self):
        seen.send(None, mixed=self.request, lost=self.nothing, called=self.http_method_not_allowed)

class Pay(Mixin, View):
    def post(self, request):
        seen.send(None, post=request)

class Api(APIView):
    def post(self, request):
        seen.send(None, api=request)
    def dispatch(self, request):
        seen.send(None, first=request)

@receiver(post_save, sender=Order)
def saved(sender, instance, created, other=None, **kwargs):
    seen.send(sender, instance=instance, created=created, other=other)

@receiver([post_save, pre_save])
def any_saved(sender, instance, **kwargs):
    seen.send(sender, any_instance=instance)

@receiver(m2m_changed, sender=Order.tags.through)
def tagged(instance, action):
    seen.send(None, tagged=instance, action=action)

class History:
    def connect(self):
        baked.connect(self.record)
    def record(self, size, note="", **kwargs):
        seen.send(None, size=size, note=note)

@receiver(undeclared)
def on_undeclared(sender, size, **kwargs):
    seen.send(sender, of_undeclared=size)

@receiver(unknown)
@receiver(baked)
def both_ways(size, **kwargs):
    seen.send(None, both=size)

both_ways("large")
"""

SENDS = """\
shop.seen.send(None, old: object, number: int)
shop.seen.send(None, admin: HttpRequest)
shop.seen.send(None, view: HttpRequest, number: object)
shop.seen.send(None, plain: HttpRequest)
shop.seen.send(None, not_a_view: object)
shop.seen.send(None, not_http: object)
shop.seen.send(None, mixed: HttpRequest, lost: object, called: object)
shop.seen.send(None, post: HttpRequest)
shop.seen.send(None, api: Request)
shop.seen.send(None, first: HttpRequest)
shop.seen.send(type[Order], instance: Order, created: bool, other: object)
shop.seen.send(type[Model], any_instance: Model)
shop.seen.send(None, tagged: object, action: str)
shop.seen.send(None, size: int, note: object)
shop.seen.send(object, of_undeclared: object)
shop.seen.send(None, both: int | str)
"""


def test_what_outside_callers_pass_is_known(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {
            "shop.py": SHOP,
            "rest_framework/__init__.py": "",
            "rest_framework/request.py": "class Request: ...\n",
            "rest_framework/views.py": "from django.views import View\nclass APIView(View): ...\n",
        },
    )
    survey = survey_folder(tmp_path)
    lines = [send_line(fact).partition(" ")[2] for fact in survey.sends]
    assert "\n".join(lines) + "\n" == SENDS


def test_a_class_that_mypy_has_not_loaded_from_its_cache_is_unknown() -> None:
    unread = Instance(FakeInfo("not loaded"), [])
    assert class_of_type(unread) is None
    name = NameExpr("shop")
    name.node = Var("shop", unread)
    build: Any = SimpleNamespace(own={}, types={})
    assert Program(build).type_of(name) is None
