"""
Receivers of Django's other signals.
"""

from typing import TypedDict

from django.apps import AppConfig
from django.contrib.auth.models import Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.signals import got_request_exception, request_finished, request_started
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import post_migrate, post_save, pre_migrate
from django.dispatch import Signal as PlainSignal
from django.dispatch import receiver
from django.http import HttpRequest
from django.test.signals import setting_changed, template_rendered

from typed_signals import BaseSignal
from typed_signals import Signal as CoreSignal
from typed_signals.django import ModelSignal, Signal
from typed_signals.django import receiver as after_commit_too


class Kitchen(AppConfig):
    def ready(self) -> None:
        pre_migrate.connect(self.prepare, sender=self)
        post_migrate.connect(self.fill, sender=self)
        # E: post_migrate cannot connect fill_with_apps: 'apps' is not always sent (it is optional in PostMigrate): give the parameter a default  [signal-parameter]
        post_migrate.connect(self.fill_with_apps, sender=self)

    def prepare(self, app_config: AppConfig, apps: object, **kwargs: object) -> None: ...

    def fill(self, using: str, apps: object = None, **kwargs: object) -> None: ...

    def fill_with_apps(self, apps: object, **kwargs: object) -> None: ...


@receiver([request_started, request_finished])
def bare(sender, **kwargs):
    pass


@receiver(request_started)
# E: request_started cannot connect of_wsgi: 'environ' is not always sent (it is optional in RequestStarted): give the parameter a default  [signal-parameter]
def of_wsgi(sender, environ, **kwargs):
    pass


@receiver(got_request_exception)
def failed(sender: object, request: HttpRequest, **kwargs: object) -> None: ...


got_request_exception.send(sender=Kitchen, request=HttpRequest())
# E: got_request_exception.send(): missing 'request'; GotRequestException declares 'request'  [signal-send]
got_request_exception.send(sender=Kitchen)


@receiver(setting_changed)
def changed(*, setting, **kwargs):
    print(kwargs["value"], kwargs["enter"])
    # E: 'entr' is never in kwargs, because setting_changed does not declare it: did you mean 'enter'?  [signal-read]
    print(kwargs["entr"])


@receiver(template_rendered)
def rendered(sender, template, context, **kwargs):
    pass


@receiver(connection_created)
def connected(connection, **kwargs):
    pass


@receiver(user_logged_in)
@receiver(user_logged_out)
def logged(sender, request, user, **kwargs):
    pass


@receiver(user_login_failed)
# E: user_login_failed cannot connect login_failed: 'user' is never sent (UserLoginFailed does not declare it): remove the parameter or give it a default  [signal-parameter]
def login_failed(sender, credentials, request, user, **kwargs):
    pass


# Undeclared signals are not checked.
unknown = PlainSignal()


@receiver(unknown)
def of_unknown(whatever):
    pass


@receiver([unknown, setting_changed])
# E: setting_changed cannot connect of_known: 'whatever' is never sent (SettingChanged does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def of_known(whatever, **kwargs):
    pass


unknown.connect(of_unknown)
unknown.send(sender=None, anything=1)


# After the commit, there are no responses.
class Priced(TypedDict):
    size: int


priced = Signal[object, Priced, float]()


@after_commit_too(priced, on_commit=True)
def later(sender: object, **kwargs: object) -> None: ...


@after_commit_too(priced)
# E: priced cannot connect now: it returns "None", but priced expects "float": return "float"  [signal-response]
def now(sender: object, **kwargs: object) -> None: ...


# Our signals are Django signals, but Django's are not ours.
class Cooked(TypedDict):
    minutes: int


cooked = Signal[Kitchen, Cooked, int]()
served = ModelSignal[type[Model], Cooked]()


def relay(signal: PlainSignal, of_models: DjangoModelSignal) -> None: ...
def log(signal: BaseSignal) -> None: ...
def core(signal: CoreSignal) -> None: ...
def dispatch(signal: Signal, of_models: ModelSignal) -> None: ...


relay(cooked, served)
log(cooked)
log(served)
dispatch(cooked, served)
# E: Argument 1 to "log" has incompatible type "Signal"; expected "BaseSignal[Any, Any, Any, [VarArg(Any), KwArg(Any)]]"  [arg-type]
log(request_started)
# E: Argument 1 to "core" has incompatible type "typed_signals.django._dispatcher.Signal[Kitchen, Cooked, int, [VarArg(Any), KwArg(Any)]]"; expected "typed_signals._signal.Signal[Any, Any, Any, [VarArg(Any), KwArg(Any)]]"  [arg-type]
core(cooked)


@receiver(cooked)
def on_cooked(signal: PlainSignal, minutes: int, **kwargs: object) -> int:
    return minutes


@receiver(post_save)
def on_saved(signal: DjangoModelSignal, **kwargs: object) -> None: ...


@receiver(post_save)
def on_saved_by_any(signal: PlainSignal, **kwargs: object) -> None: ...


with cooked.connected(on_cooked):
    cooked.receivers.clear()
    print(cooked.lock, cooked.use_caching, cooked.connections[0].connected_at)
with served.connected(lambda minutes, **kwargs: None, sender="shop.Pizza"):
    pass
# E: served cannot connect the receiver: 'minuts' is never sent (Cooked does not declare it): did you mean 'minutes'?  [signal-parameter]
with served.connected(lambda minuts, **kwargs: None, sender="shop.Pizza"):
    pass


@receiver(cooked)
# E: cooked cannot connect on_core: 'signal' has type "typed_signals.django.Signal[Kitchen, Cooked]", but the parameter is annotated "typed_signals.Signal[Any, Any]": annotate it as "typed_signals.django.Signal[Kitchen, Cooked]"  [signal-type]
def on_core(signal: CoreSignal, minutes: int, **kwargs: object) -> int:
    return minutes


@receiver(post_save)
# E: post_save cannot connect of_permissions: 'sender' has type "type[Model]", but the parameter is annotated "type[Permission]": connect it with sender=Permission, or annotate it as "type[Model]"  [signal-type]
def of_permissions(sender: type[Permission], **kwargs: object) -> None: ...


@receiver(post_save, sender=Permission)
def of_permission(sender: type[Permission], **kwargs: object) -> None: ...
