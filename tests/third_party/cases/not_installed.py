"""
Receivers of the signals of packages that are not installed: mypy knows the signals by name.
"""

import actstream
from actstream import action
from cms.signals import post_obj_operation, pre_obj_operation
from django.contrib.auth.models import User
from django.db.models import Model
from django.dispatch import receiver
from django_fsm import post_transition
from django_fsm.signals import pre_transition
from friendship.signals import block_created, friendship_request_created
from import_export.signals import post_import
from simple_history.signals import post_create_historical_record, pre_create_historical_record
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, published


class Order(Model):
    pass


class BlogPage(Page):
    pass


# --- right ---


@receiver(page_published)
@receiver(page_slug_changed, sender=BlogPage)
def from_page(sender: type[Page], instance: Page, **kwargs: object) -> None: ...


@receiver(published, sender=Order)
def from_order(instance: Order, revision, **kwargs): ...


@receiver([pre_transition, post_transition], sender=Order)
def transition(*, instance: Order, name: str, source: str, target: int, **others: object) -> None:
    print(others["method_kwargs"])


@receiver(pre_create_historical_record)
def history(instance: Order, history_user: User | None, **kwargs: object) -> None: ...


@receiver(pre_obj_operation)
@receiver(post_obj_operation)
def operation(sender, operation, request, token, **kwargs):
    print(kwargs["obj"], kwargs["translation"])


@receiver(action)
@receiver(actstream.action)
def acted(sender: Order, verb: str, **kwargs: object) -> None:
    print(kwargs["target"])


@receiver(post_import)
def imported(model: type[Model], **kwargs: object) -> None: ...


@receiver(block_created)
def blocked(sender, blocker=None, blocking=None, **kwargs): ...


# --- wrong ---


@receiver(page_published)
# E: page_published cannot connect with_alias: 'alias' is not always sent (it is optional in PagePublished): give the parameter a default  [signal-parameter]
def with_alias(sender, instance, alias, **kwargs): ...


@receiver(post_transition, sender=Order)
# E: post_transition cannot connect failed: 'exception' is not always sent (it is optional in TransitionDone): give the parameter a default  [signal-parameter]
def failed(instance, exception, **kwargs): ...


@receiver(pre_transition, sender=Order)
# E: pre_transition cannot connect of_user: 'instance' has type "Order" in Transition, but the parameter is annotated "User": annotate it as "Order"  [signal-type]
def of_user(instance: User, **kwargs: object) -> None: ...


@receiver(post_create_historical_record)
# E: post_create_historical_record cannot connect recorded: 'history_date' has type "datetime" in HistoricalRecord, but the parameter is annotated "str": annotate it as "datetime"  [signal-type]
def recorded(history_date: str, **kwargs: object) -> None: ...


@receiver(pre_obj_operation)
# E: pre_obj_operation cannot connect with_object: 'obj' is not always sent (it is optional in the signal): give the parameter a default  [signal-parameter]
def with_object(operation, obj, **kwargs): ...


@receiver(friendship_request_created)
# E: friendship_request_created cannot connect requested: 'from_user' is never sent (Nothing does not declare it): remove the parameter or give it a default  [signal-parameter]
def requested(sender, from_user, **kwargs): ...


# E: post_import is never sent by "type[Order]": leave the sender out  [signal-sender]
@receiver(post_import, sender=Order)
def imported_orders(sender, model, **kwargs): ...


@receiver(pre_transition)
# E: pre_transition cannot connect without_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def without_kwargs(instance, name): ...
