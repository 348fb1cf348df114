"""
Sends of Django's signals by hand.
"""

from typing import Any

from django.contrib.auth import get_user_model, user_logged_in
from django.contrib.auth.models import Group, User
from django.core.signals import request_started, setting_changed
from django.db import models
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.db.models.utils import AltersData

ADD = "post_add"


class Pizza(models.Model):
    toppings = models.ManyToManyField(Group)


class Order(models.Model):
    pass


# The types are as wide as receivers can handle.
def send(pizza: Pizza, model: models.Model, fields: list[str], action: str) -> None:
    post_save.send(
        Pizza,
        instance=pizza,
        created=True,
        raw=False,
        using=pizza._state.db,
        update_fields=fields,
    )
    post_save.send(
        type(model), instance=model, created=True, raw=False, using="a", update_fields={"size"}
    )
    post_save.send(
        Pizza, instance=model, created=True, raw=False, using="a", update_fields=("size",)
    )
    m2m_changed.send(
        Pizza.toppings.through,
        instance=pizza,
        action=action,
        reverse=False,
        model=Group,
        pk_set=[1, 2],
        using="a",
    )
    m2m_changed.send(
        Pizza.toppings.through,
        instance=pizza,
        action=ADD,
        reverse=False,
        model=Group,
        pk_set={1: 2}.keys(),
        using=None,
    )
    some: dict[str, object] = {"instance": pizza, "created": True}
    post_save.send(Pizza, **some)


# What mypy knows in part may be right.
def send_partly_known(pizza: Pizza, base: AltersData | Any, other: AltersData | int) -> None:
    pre_delete.send(Pizza, instance=base, using="a", origin=pizza)
    # E: pre_delete.send(): 'instance' has type "AltersData | int", but PreDelete declares "Pizza"  [signal-send]
    pre_delete.send(Pizza, instance=other, using="a", origin=pizza)


def send_others(user: User, request: Any) -> None:
    user_logged_in.send(user.__class__, request=request, user=user)
    user_logged_in.send(get_user_model(), request=request, user=user)
    user_logged_in.send(None, request=request, user=user)
    request_started.send(send_others, environ={})
    setting_changed.send(type(user), setting="DEBUG", value=True, enter=False)


def send_wrong(pizza: Pizza, order: Order, user: User) -> None:
    # E: post_save.send(): missing 'created', 'raw', 'update_fields', 'using'; PostSave declares 'created', 'instance', 'raw', 'update_fields', 'using'  [signal-send]
    post_save.send(Pizza, instance=pizza)
    # E: post_save.send_robust(): missing 'created', 'raw', 'update_fields', 'using', unexpected 'creatd' (did you mean 'created'?); PostSave declares 'created', 'instance', 'raw', 'update_fields', 'using'  [signal-send]
    post_save.send_robust(Pizza, instance=pizza, creatd=True)
    # E: post_save.send(): 1 passed by position (pass the payload by keyword), missing 'created', 'instance', 'raw', 'update_fields', 'using'; PostSave declares 'created', 'instance', 'raw', 'update_fields', 'using'  [signal-send]
    post_save.send(Pizza, pizza)
    # E: pre_delete.send(): 'instance' has type "Order", but PreDelete declares "Pizza"  [signal-send]
    pre_delete.send(Pizza, instance=order, using="a", origin=pizza)
    # E: pre_delete.send(): the sender has type "Pizza", but the signal declares "type[Model]": pass its class  [signal-send]
    pre_delete.send(pizza, instance=pizza, using="a", origin=pizza)
    # E: pre_delete.send(): the sender has type "str", but the signal declares "type[Model]"; 'using' has type "int", but PreDelete declares "str"  [signal-send]
    pre_delete.send("shop.Pizza", instance=pizza, using=1, origin=pizza)
    # E: user_logged_in.send(): missing 'request'; UserLoggedIn declares 'request', 'user'  [signal-send]
    user_logged_in.send(User, user=user)
    # E: pre_delete.send(): the sender is missing: pass it as sender=...; unexpected 'signal' (a reserved name); PreDelete declares 'instance', 'origin', 'using'  [signal-send]
    pre_delete.send(signal=pre_delete, instance=pizza, using="a", origin=pizza)
