"""Receivers that run in the background: Django's signals, and the arguments of receiver()."""

from typing import Any, TypedDict

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

import typed_signals
from typed_signals import Signal
from typed_signals.background import Background, Delivery, Immediate
from typed_signals.django import receiver


class Done(TypedDict):
    size: int


done = Signal[Any, Done]()
background = Background(Immediate())


@receiver(post_save, background=True)
def right(sender, instance, delivery: Delivery, **kwargs):
    pass


@receiver([done, post_save], background=background, enqueue="now", queue="mail", priority=1)
async def right_async(sender, delivery, size=0, **kwargs):
    pass


@background.receiver(post_save, dispatch_uid="right_on_background")
def right_on_background(sender, instance, delivery, **kwargs):
    pass


@receiver(post_save, background=True)
# E: post_save cannot connect misspelt: 'instanc' is never sent (PostSave does not declare it): did you mean 'instance'?  [signal-parameter]
def misspelt(sender, instanc, **kwargs):
    pass


@receiver(post_save)
# E: post_save cannot connect at_once: 'delivery' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
def at_once(sender, delivery, **kwargs):
    pass


# Rows that are deleted.
@receiver(pre_delete, background=True)
# E: pre_delete cannot connect before_delete: 'instance' cannot travel to the background, because the row is deleted after this signal: send a signal of your own with the values that are needed  [signal-background]
def before_delete(sender, **kwargs):
    pass


@background.receiver(post_delete)
# E: post_delete cannot connect after_delete: 'instance' cannot travel to the background, because its row is deleted: send a signal of your own with the values that are needed  [signal-background]
def after_delete(sender, instance, **kwargs):
    pass


@receiver(post_delete, background=True)
def after_delete_without(sender, using, **kwargs):
    pass


@receiver(post_delete)
def after_delete_at_once(sender, instance, **kwargs):
    pass


@receiver(post_delete)
def after_delete_with_types(sender: type[Model], instance: Model, **kwargs: Any) -> None: ...


# Receivers that may run there.
def connect(maybe: bool, options: dict[str, Any], uid: int) -> None:
    @receiver(done, background=maybe)
    def with_delivery(sender, delivery, **kwargs):
        pass

    @receiver(done, **options)
    def with_options(sender, delivery, **kwargs):
        pass

    receiver(done, background=maybe, dispatch_uid=uid)
    receiver(done, background=maybe, on_commit=True)
    receiver(done, background=False, dispatch_uid=uid)


def arguments(name: object, anything: Any) -> None:
    receiver(done, background=True, using="other", robust=True)
    receiver(done, background=True, enqueue="in_transaction", using="other")
    receiver(done, background=True, dispatch_uid="done")
    receiver(done, background=True, dispatch_uid=name)  # type: ignore[call-overload, unused-ignore]
    receiver(done, background=anything, dispatch_uid=3)
    # E: enqueue must be one of 'on_commit', 'now', 'in_transaction', not 'in_transction': did you mean 'in_transaction'?  [signal-background]
    receiver(done, background=True, enqueue="in_transction")
    # E: enqueue must be one of 'on_commit', 'now', 'in_transaction', not 'later': leave it out to enqueue on commit  [signal-background]
    receiver([done, post_save], background=True, enqueue="later")
    # E: receiver() does not accept using= with enqueue='now', which does not wait for a commit: remove it  [signal-background]
    receiver(post_save, background=True, enqueue="now", using="other")
    # E: receiver() does not accept robust= with enqueue='in_transaction', which does not wait for a commit: remove it  [signal-background]
    receiver(done, background=True, enqueue="in_transaction", robust=True)
    # E: dispatch_uid must be a string for a receiver in the background, because deliveries carry it, not "int"  [signal-background]
    receiver(done, background=True, dispatch_uid=3)
    # E: receiver() accepts either on_commit=True or background=: remove on_commit=True, because a receiver in the background is enqueued on commit by default  [signal-background]
    receiver(done, background=True, on_commit=True)
    # E: receiver() accepts enqueue=, queue= and priority= only with background=True: add it  [signal-background]
    receiver(done, queue="mail")
    # E: receiver() accepts enqueue=, queue= and priority= only with background=True: add it  [signal-background]
    receiver([done, post_save], priority=3, background=False)
    # E: connect() of done: got an unexpected keyword argument 'enqueue': enqueue is an argument of typed_signals.django.receiver, import that  [signal-receiver]
    typed_signals.receiver(done, enqueue="now")
    # E: connect() of done: got an unexpected keyword argument 'background': background is an argument of typed_signals.django.receiver, import that; without Django, use the decorator of a typed_signals.background.Background  [signal-receiver]
    typed_signals.receiver(done, background=True)


# What Django sends.
@receiver(user_logged_in, background=True)
# E: user_logged_in cannot connect on_login: 'request' cannot travel to the background: it is HttpRequest, which cannot be sent to another process: remove it, or send a signal of your own with what you need of it  [signal-background]
def on_login(sender, user, request=None, **kwargs):
    pass


@receiver(user_logged_in, background=True)
def reads_request(user, **kwargs):
    # E: 'request' cannot travel to the background: it is HttpRequest, which cannot be sent to another process, so it is never in kwargs: remove it, or send a signal of your own with what you need of it  [signal-background]
    kwargs["request"].path


@receiver(m2m_changed, background=True)
def on_change(sender, instance, action, model, using, **kwargs):
    pass


# The types of a payload.
class Ordered(TypedDict):
    user: AbstractBaseUser
    users: QuerySet[Group]
    group: Group | None


ordered = Signal[type[Any], Ordered]()


@receiver(ordered, background=True)
def takes_models(sender, user, group, **kwargs):
    pass


@receiver(ordered, background=True)
# E: ordered cannot connect takes_users: 'users' cannot travel to the background: it is a QuerySet, which may have other rows there: remove it, or declare list[...] of the model  [signal-background]
def takes_users(users, **kwargs):
    pass
