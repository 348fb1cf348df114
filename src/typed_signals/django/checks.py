"""
The system checks: receivers that will fail, and receivers that will never be called.

``manage.py check`` runs them, and so do most other commands before they start. They find what was
connected by then, which is all that happens in ``AppConfig.ready`` and at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core import checks
from django.db.models import Model
from django.db.models.signals import m2m_changed

from typed_signals._contract.refusal import refusal_of
from typed_signals._contract.rules import BOUND_TWICE, NO_KWARGS, NOT_SENT, POSITIONAL_ONLY
from typed_signals._declare.payload import UNDECLARED
from typed_signals._shared.callables import describe_receiver
from typed_signals.exceptions import DeclarationError

from ._builtin_payloads import payload_of
from ._find_signals import find_signals
from ._live_connections import connections_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._live_connections import Listed

TAG: Final = "typed_signals"

_ID_OF_PROBLEM: Final = {
    NO_KWARGS: "typed_signals.E001",
    POSITIONAL_ONLY: "typed_signals.E002",
    NOT_SENT: "typed_signals.E003",
    BOUND_TWICE: "typed_signals.E004",
}
WRONG_DECLARATION: Final = "typed_signals.E005"
NOT_ALWAYS_SENT: Final = "typed_signals.W001"
NO_THROUGH_MODEL: Final = "typed_signals.W002"
ABSTRACT_SENDER: Final = "typed_signals.W003"
UNNAMED_SENDER: Final = "typed_signals.W004"

_MODEL_SIGNALS: Final = "django.db.models.signals."


def register() -> None:
    """
    Register the check with Django; a second call has no effect.
    """
    checks.register(check_connections, TAG, checks.Tags.signals)


def check_connections(
    app_configs: Sequence[Any] | None = None,  # noqa: ARG001 - a signal belongs to no app
    **_kwargs: Any,
) -> list[checks.CheckMessage]:
    """
    Return the problems of the connections of all known signals.
    """
    return [
        message
        for name, signal, connections in connections_of(find_signals())
        for message in _messages(signal, name, connections)
    ]


def _messages(signal: Any, name: str, connections: list[Listed]) -> Iterator[checks.CheckMessage]:
    try:
        payload = payload_of(signal)
    except DeclarationError as error:
        said = str(error).removeprefix(f"{name}: ")
        yield checks.Error(_sentence(said), obj=name, id=WRONG_DECLARATION)
        payload = UNDECLARED
    for connection, has_nameless_value in connections:
        described = describe_receiver(connection.receiver)
        # The payload of a signal without a declaration is not known.
        if payload is not UNDECLARED:
            refusal = refusal_of(connection.receiver, payload)
            for problem in refusal.problems if refusal is not None else ():
                # Problems of parameters have ids.
                if (check_id := _ID_OF_PROBLEM.get(problem.kind)) is None:
                    continue
                # Some projects never send some keys, such as that for ASGI of request_started.
                yield (checks.Error if problem.is_certain else checks.Warning)(
                    f"Connected to {name}: {problem.what.removesuffix('.')}.",
                    hint=_sentence(problem.fix),
                    obj=described,
                    id=check_id if problem.is_certain else NOT_ALWAYS_SENT,
                )
        if has_nameless_value:
            yield checks.Warning(
                f"Connected to {name} with a sender that is a string, a number or another value, "
                "but is not a constant of any module. Senders are compared by identity.",
                hint="Pass the same object to connect and send: a class, or a constant.",
                obj=described,
                id=UNNAMED_SENDER,
            )
        elif found := _problem_of_sender(signal, name, connection.sender):
            check_id, said, fix = found
            yield checks.Warning(
                f"Connected to {name} {said}.", hint=fix, obj=described, id=check_id
            )


def _problem_of_sender(signal: Any, name: str, sender: Any) -> tuple[str, str, str] | None:
    """
    Return the id, the problem and the fix if *sender* never sends the signal.
    """
    if signal is m2m_changed:
        return _problem_of_through(sender)
    if name.startswith(_MODEL_SIGNALS) and _is_model(sender) and sender._meta.abstract:
        model = sender.__name__
        problem = (
            f"with the abstract model {model} as the sender, but abstract models never send it: "
            "the senders are the models that inherit from it"
        )
        fix = f"Use these models, or leave the sender out and test issubclass(sender, {model})."
        return ABSTRACT_SENDER, problem, fix
    return None


def _problem_of_through(sender: Any) -> tuple[str, str, str] | None:
    """
    Return the problem of a sender of ``m2m_changed`` that is not a through model.
    """
    if _is_model(sender):
        if sender._meta.apps is not apps or sender in _through_models():
            return None
        what = sender.__name__
        # An abstract model has no related objects.
        relations = () if sender._meta.abstract else sender._meta.related_objects
        reverse = [relation.field for relation in relations if relation.many_to_many]
        fields = [*sender._meta.many_to_many, *reverse]
    else:
        # This is ``Pizza.toppings`` if ``.through`` is missing.
        if getattr(sender, "through", None) is None or not hasattr(sender, "rel"):
            return None
        field = sender.rel.field
        fields, what = [field], _dotted_name(field)
    problem = f"with {what} as the sender, but only through models of ManyToManyFields send it"
    meant = " or ".join(f"sender={_dotted_name(field)}.through" for field in fields)
    fix = (
        f"Did you mean {meant}?"
        if meant
        else "Pass the through model of a ManyToManyField: sender=Model.field.through."
    )
    return NO_THROUGH_MODEL, problem, fix


def _dotted_name(field: Any) -> str:
    return f"{field.model.__name__}.{field.name}"


def _is_model(sender: Any) -> bool:
    # Use the type, because a lazy object is loaded when its class is read.
    return issubclass(type(sender), type) and issubclass(sender, Model)


def _through_models() -> set[Any]:
    """
    Return the through models of all many-to-many relations.
    """
    return {
        getattr(getattr(field, "remote_field", None), "through", None)
        for model in apps.get_models(include_swapped=True)
        for field in model._meta.get_fields()
    }


def _sentence(text: str) -> str:
    """
    Return *text* with a capital letter and a full stop.
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")
