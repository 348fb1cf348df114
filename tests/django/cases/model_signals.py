"""
Receivers and sends of Django's model signals, by the names that Django gives them.
"""

import functools

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models import Model, signals
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_init,
    post_save,
    pre_delete,
    pre_init,
    pre_save,
)
from django.dispatch import receiver

import typed_signals
import typed_signals.django.signals


class Pizza(models.Model):
    toppings = models.ManyToManyField(Group)


class ProxyPizza(Pizza):
    class Meta:
        proxy = True


class AbstractFood(models.Model):
    class Meta:
        abstract = True


# Names: most receivers have no annotations.


@receiver(post_save, sender=Pizza)
def saved(sender, instance, created, raw, using, update_fields, **kwargs):
    print(kwargs["signal"])


@receiver(post_save, sender=Pizza)
# E: post_save cannot connect misspelt: 'creatd' is never sent (PostSave does not declare it): did you mean 'created'?  [signal-parameter]
def misspelt(sender, instance, creatd, **kwargs):
    pass


@receiver(pre_save)
# E: pre_save cannot connect created_too_early: 'created' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
def created_too_early(sender, instance, created, **kwargs):
    pass


@receiver(pre_save)
def created_if_known(sender, instance, created=None, **kwargs):
    pass


@receiver(pre_delete, sender=Pizza)
# E: pre_delete cannot connect without_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def without_kwargs(sender, instance, using, origin):
    pass


@receiver(post_delete, sender=Pizza)
def deleted(instance, **kwargs):
    pass


@receiver(pre_init)
def before(sender, args, kwargs, **rest):
    pass


@receiver(post_init)
# E: post_init cannot connect positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def positional(sender, /, **kwargs):
    pass


# With several signals, each must send what is required.


@receiver([pre_save, post_save], sender=Pizza)
def both(sender, instance, raw, **kwargs):
    pass


@receiver((signals.pre_save, signals.post_save))
# E: signals.pre_save cannot connect one_of_both: 'created' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
def one_of_both(sender, created, **kwargs):
    pass


@receiver(pre_save, sender=Pizza)
@receiver(post_delete, sender=Pizza)
def stacked(sender, **kwargs):
    print(kwargs["instance"], kwargs["origin"])
    # E: 'creatd' is never in kwargs, because pre_save or post_delete does not declare it: remove it  [signal-read]
    print(kwargs["creatd"])


# Types: with a sender, the instance is of that class.


@receiver(post_save, sender=Pizza)
def of_pizza(sender: type[Pizza], instance: Pizza, created: bool, **kwargs: object) -> None: ...


@receiver(post_save, sender=Pizza)
# E: post_save cannot connect of_group: 'instance' has type "Pizza" in PostSave, but the parameter is annotated "Group": annotate it as "Pizza"  [signal-type]
def of_group(sender, instance: Group, **kwargs):
    pass


@receiver(post_save)
def of_any(sender: type[Model], instance: Model, **kwargs: object) -> None: ...


@receiver(post_save)
# E: post_save cannot connect of_unfiltered: 'instance' has type "Model" in PostSave, but the parameter is annotated "Pizza": annotate it as "Model"  [signal-type]
def of_unfiltered(sender, instance: Pizza, **kwargs):
    pass


@receiver(post_save, sender=ProxyPizza)
def of_proxy(sender, instance: Pizza, **kwargs):
    pass


@receiver(post_save, sender=AbstractFood)
def of_abstract(sender, instance: AbstractFood, **kwargs):
    pass


class NoModel:
    pass


# E: post_save is never sent by "type[NoModel]": use a sender of type "type[Model]", or leave the sender out  [signal-sender]
@receiver(post_save, sender=NoModel)
def of_no_model(sender, instance, **kwargs):
    pass


# E: Argument "sender" to "connect" of "ModelSignal" has incompatible type "type[NoModel]"; expected "type[Model] | str | None"  [arg-type]
# E: pre_save is never sent by "type[NoModel]": use a sender of type "type[Model]", or leave the sender out  [signal-sender]
pre_save.connect(of_no_model, sender=NoModel)


# The class may only be known at run time.


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
@receiver(post_save, sender="auth.User")
@receiver(post_save, sender=get_user_model())
@receiver(post_save, sender=apps.get_model("auth", "User"))
def of_user(sender, instance: User, **kwargs):
    pass


post_save.connect(of_user, sender="auth.User")


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
# E: post_save cannot connect of_user_misspelt: 'creatd' is never sent (PostSave does not declare it): did you mean 'created'?  [signal-parameter]
def of_user_misspelt(sender, creatd, **kwargs):
    pass


def connect_all(*senders: type[Model]) -> None:
    for sender in senders:
        post_save.connect(of_user, sender=sender)
        # E: post_save cannot connect misspelt: 'creatd' is never sent (PostSave does not declare it): did you mean 'created'?  [signal-parameter]
        post_save.connect(misspelt, sender=sender)


# Many to many


@receiver(m2m_changed, sender=Pizza.toppings.through)
def topped(sender, instance: Pizza, action: str, pk_set: set[int] | None, model, **kwargs):
    pass


@receiver(m2m_changed, sender=Pizza.toppings.through)
def topped_by(instance: Pizza | Group, model: type[Pizza] | type[Group], **kwargs):
    pass


@receiver(m2m_changed, sender=Pizza.toppings.through)
def topped_by_group(instance: Pizza, model: type[Group], **kwargs):
    pass


@receiver(m2m_changed, sender=Pizza.toppings.through)
# E: m2m_changed cannot connect topped_by_instance: 'model' has type "type[Any]" in M2MChanged, but the parameter is annotated "Group": annotate it as "type[Any]"  [signal-type]
def topped_by_instance(instance: Pizza, model: Group, **kwargs):
    pass


@receiver(m2m_changed, sender=Pizza.toppings.through)
# E: m2m_changed cannot connect topped_with: 'toppings' is never sent (M2MChanged does not declare it): remove the parameter or give it a default  [signal-parameter]
def topped_with(sender, toppings, **kwargs):
    pass


# Other ways to connect

post_save.connect(of_pizza, sender=Pizza)
post_save.connect(receiver=of_pizza, sender=Pizza, weak=False, dispatch_uid="pizza")
signals.post_save.connect(functools.partial(saved), sender=Pizza, weak=False)
# E: signals.pre_save cannot connect saved: 'created' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
signals.pre_save.connect(saved, sender=Pizza)
# E: post_save keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
post_save.connect(lambda **kwargs: None, sender=Pizza)


@typed_signals.receiver(post_save, sender=Pizza)
def by_ours(sender, instance: Pizza, **kwargs):
    pass


@typed_signals.receiver([pre_save, post_save], sender=Pizza)
# E: pre_save cannot connect by_ours_misspelt: 'rawe' is never sent (PreSave does not declare it): did you mean 'raw'?  [signal-parameter]
# E: post_save cannot connect by_ours_misspelt: 'rawe' is never sent (PostSave does not declare it): did you mean 'raw'?  [signal-parameter]
def by_ours_misspelt(sender, rawe, **kwargs):
    pass


@typed_signals.django.receiver(post_save, sender=Pizza, on_commit=True)
def on_commit(sender, instance: Pizza, **kwargs):
    pass


@typed_signals.django.receiver(post_save, sender=Pizza, on_commit=True, using="other")
# E: post_save cannot connect on_commit_misspelt: 'creatd' is never sent (PostSave does not declare it): did you mean 'created'?  [signal-parameter]
def on_commit_misspelt(sender, creatd, **kwargs):
    pass


@receiver(typed_signals.django.signals.post_save, sender=Pizza)
def by_typed_name(sender, instance: Pizza, **kwargs):
    pass


@receiver(typed_signals.django.signals.post_save, sender=Pizza)
# E: typed_signals.django.signals.post_save cannot connect by_typed_name_misspelt: 'creatd' is never sent (PostSave does not declare it): did you mean 'created'?  [signal-parameter]
def by_typed_name_misspelt(sender, creatd, **kwargs):
    pass


# Sends by a project

pizza = Pizza()
post_save.send(
    sender=Pizza, instance=pizza, created=True, raw=False, using="default", update_fields=None
)
post_save.send(
    Pizza,
    instance=pizza,
    created=False,
    raw=False,
    using=pizza._state.db,
    update_fields=["size"],
)
pre_save.send(Pizza, instance=pizza, raw=False, using=None, update_fields=("size",))


def change(action: str, keys: list[int]) -> None:
    m2m_changed.send(
        Pizza.toppings.through,
        instance=pizza,
        action=action,
        reverse=False,
        model=Group,
        pk_set=keys,
        using="default",
    )
    m2m_changed.send(
        Pizza.toppings.through,
        instance=pizza,
        action=action,
        reverse=False,
        model=Group,
        # E: m2m_changed.send(): 'pk_set' has type "int", but M2MChanged declares "set[Any] | None"  [signal-send]
        pk_set=1,
        using="default",
    )


# E: pre_save.send(): missing 'using'; PreSave declares 'instance', 'raw', 'update_fields', 'using'  [signal-send]
pre_save.send(Pizza, instance=pizza, raw=False, update_fields=None)
# E: post_save.send(): missing 'created', unexpected 'creatd' (did you mean 'created'?); PostSave declares 'created', 'instance', 'raw', 'update_fields', 'using'  [signal-send]
post_save.send(Pizza, instance=pizza, creatd=True, raw=False, using="a", update_fields=None)
# E: pre_save.send(): 'raw' has type "str", but PreSave declares "bool"  [signal-send]
pre_save.send(Pizza, instance=pizza, raw="no", using="default", update_fields=None)
