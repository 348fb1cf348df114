"""
The words of messages that are not the result of a comparison.

These are the reasons to refuse a receiver that are not about its parameters, the problems of a
declaration, which the run time and the mypy plugin share, and the functions that show values in
any message. The problems of parameters are in :mod:`typed_signals._contract.rules`. What is wrong
with another argument, such as ``dispatch_uid``, is written where it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every receiver gets these in addition to the payload; keys of a payload cannot have these names.
RESERVED_KEYS = ("sender", "signal")

# The first sentence is Django's.
_NOT_CALLABLE = "Signal receivers must be callable."

NOT_AWAITED_ON_COMMIT = (
    "on_commit=True does not support async receivers, because Django does not await them: "
    "make it sync, and call asgiref.sync.async_to_sync in it, or write background=True instead"
)

_NOT_AWAITED_IN_BACKGROUND = (
    "the engine {engine!r} does not await async receivers: make it sync, and call "
    "asgiref.sync.async_to_sync in it"
)

WITHOUT_ON_COMMIT = (
    "receiver() accepts using= and robust= only with on_commit=True or background=True: add one"
)
WITHOUT_BACKGROUND = (
    "receiver() accepts enqueue=, queue= and priority= only with background=True: add it"
)
# The arguments that only the decorator of typed_signals.django has.
ONLY_ON_DJANGO = ("on_commit", "background", "using", "robust", "enqueue", "queue", "priority")
# When a receiver in the background is enqueued.
ON_COMMIT = "on_commit"
NOW = "now"
IN_TRANSACTION = "in_transaction"
SCHEDULES = (ON_COMMIT, NOW, IN_TRANSACTION)
ON_COMMIT_IN_BACKGROUND = (
    "receiver() accepts either on_commit=True or background=: remove on_commit=True, because a "
    "receiver in the background is enqueued on commit by default"
)

# What a receiver in the background may name, if it is not a key.
DELIVERY_NAME = "delivery"

# Kinds of receivers that are garbage-collected for different reasons.
LAMBDA = "lambda"
LOCAL_FUNCTION = "local function"

# The methods that enqueue a task: of Celery and of Django.
CELERYS_METHOD = "delay"
DJANGOS_METHOD = "enqueue"

# The classes of signals that can be instantiated.
_ENGINES = "typed_signals.Signal or typed_signals.django.Signal"

# Names of a first parameter that is not a key.
_NOT_KEYS = ("_", "_sender", "cls", "self")

# The number of letters from which a name may have two typing mistakes.
_LONG_NAME = 8

# The maximum number of characters of a value in messages,
_LONGEST = 200
# and of names.
MOST_NAMES = 20


def shown(value: object) -> str:
    """
    Return *value* for messages: its ``repr``, shortened if it is too long.
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - raised by user code; another error is reported
        return f"<{class_name(value)} object, repr failed>"
    return shortened(text)


def class_name(value: object) -> str:
    """
    Return the name of the class of *value*, without calling its metaclass.
    """
    name: str = type.__getattribute__(type(value), "__name__")
    return shortened(name)


def shortened(text: str) -> str:
    """
    Return *text*, shortened in the middle if it is too long for a message.
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 2 :]}"


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """
    Return what was meant by the misspelt *name*, if a typing mistake explains it.

    Only a name of a parameter is returned: not ``ab: cd``, which a payload may have as a key.
    """
    from keyword import iskeyword  # only needed for an error message

    found = [
        (distance, candidate)
        for candidate in candidates
        if candidate.isidentifier()
        and not iskeyword(candidate)
        and (distance := _typing_mistakes(name, candidate)) is not None
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _typing_mistakes(name: str, candidate: str) -> int | None:
    """
    Return how many letters are missing, added, wrong or swapped; None if they are different names.

    Another word makes another name: ``created_by`` is not ``created``.
    """
    words, other_words = set(name.split("_")), set(candidate.split("_"))
    one, other = (each.replace("_", "").casefold() for each in (name, candidate))
    shortest, longest = sorted((len(one), len(other)))
    is_same_length = longest - shortest <= 1 and shortest > 2 and longest <= _LONGEST
    if not is_same_length or words - {""} < other_words or other_words < words - {""}:
        return None
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, other_letter in enumerate(other, 1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (letter != other_letter),
            )
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        before_last, last = last, current
    return last[-1] if last[-1] <= (1 if shortest < _LONG_NAME else 2) else None


def listed(names: Iterable[object]) -> str:
    """
    Return *names* quoted and joined, like ``'size', 'toppings'``.
    """
    texts = [shown(name) for name in names]
    rest = len(texts) - MOST_NAMES
    return ", ".join([*texts[:MOST_NAMES], f"and {rest} more"] if rest > 0 else texts)


def on_django_problem(argument: str) -> str:
    """
    Return how to fix *argument* of ``typed_signals.receiver``.
    """
    fix = f"{argument} is an argument of typed_signals.django.receiver, import that"
    if argument not in ("background", "queue", "priority"):
        return fix
    return f"{fix}; without Django, use the decorator of a typed_signals.background.Background"


def schedule_problem(enqueue: object) -> str:
    """
    Return the message for a wrong argument *enqueue* of a receiver in the background.
    """
    meant = suggest(enqueue, SCHEDULES) if isinstance(enqueue, str) else None
    fix = f"did you mean {meant!r}?" if meant else "leave it out to enqueue on commit"
    return f"enqueue must be one of {listed(SCHEDULES)}, not {shown(enqueue)}: {fix}"


def not_with_schedule_problem(argument: str, enqueue: object) -> str:
    """
    Return the message for an *argument* that has no effect with this *enqueue*.
    """
    return (
        f"receiver() does not accept {argument}= with enqueue={enqueue!r}, which does not wait for "
        "a commit: remove it"
    )


def dispatch_uid_problem(given: str) -> str:
    """
    Return the message for a *dispatch_uid* of a receiver in the background that is not a string.
    """
    return (
        "dispatch_uid must be a string for a receiver in the background, because deliveries carry "
        f"it, not {given}"
    )


def refused(signal_name: str, receiver: str, reasons: str) -> str:
    """
    Return the message for a refused *receiver*, with the given *reasons*.
    """
    return f"{signal_name} cannot connect {receiver}: {reasons}"


def unfit(signal_name: str, receiver: str, reasons: str) -> str:
    """
    Return the warning for a *receiver* that would be refused, but is connected.
    """
    return f"{signal_name} should not connect {receiver}: {reasons}"


def doubted(signal_name: str, receiver: str, reasons: str, *, is_method: bool) -> str:
    """
    Return the warning for a *receiver* that wraps a function which is not accepted, for the given
    *reasons*.

    Args:
        signal_name: the name of the signal.
        receiver: the description of the receiver.
        reasons: why the wrapped function is not accepted.
        is_method: whether the receiver is a method.
    """
    end = "" if reasons.endswith("?") else "."
    fix = signature_fix(is_method=is_method)
    return f"{signal_name} may be unable to call {receiver}: {reasons}{end} {fix}"


def signature_fix(*, is_method: bool) -> str:
    """
    Return how to state which arguments a wrapper takes.

    Args:
        is_method: whether it is a method.
    """
    parameters = "self, sender" if is_method else "sender"
    return (
        "If a decorator passes other arguments to it, write "
        f"@typed_signals.with_signature(lambda {parameters}, **kwargs: None) above that decorator"
    )


def send_problem(send: str) -> str:
    """
    Return the message for a receiver that is the method *send* of another signal.
    """
    return (
        f"{send} does not accept 'signal', which every receiver is passed: to {_forward_fix(send)}"
    )


def _forward_fix(send: str) -> str:
    define, call = ("async def", "await ") if send.startswith("a") else ("def", "")
    return (
        f"forward a signal, connect a function, {define} forward(sender, signal, **kwargs): "
        f"{call}other.{send}(sender, **kwargs)"
    )


def unreadable_problem(error: Exception) -> str:
    """
    Return the message for a receiver that raises *error* when it is inspected.
    """
    return f"inspecting it raised {shown(error)}: connect a function that calls it"


def not_callable_problem(receiver: object, enqueue: str | None) -> str:
    """
    Return the message for a *receiver* that is not callable.

    Args:
        receiver: the receiver.
        enqueue: the method that enqueues it, if it is a task.
    """
    fix = "Pass the function itself, not its result"
    if isinstance(receiver, classmethod):
        name = getattr(receiver, "__qualname__", "it")
        fix = f"Connect a class method after the class body, as in connect({name})"
    elif isinstance(receiver, property):
        fix = "Connect a method instead of the property"
    elif enqueue is not None:
        fix = f"To {_enqueue_fix(enqueue)}"
    elif isinstance(receiver, str):
        fix = "Pass the function itself, not its name"
    elif all(hasattr(type(receiver), name) for name in ("connect", "disconnect", "send")):
        fix = f"To {_forward_fix('send')}"
    return f"{_NOT_CALLABLE} {fix}"


def static_method_problem(name: str) -> str:
    """
    Return the message for the static method *name* under ``@receiver``.
    """
    return f"{name} is a staticmethod object: write @staticmethod above @receiver(...)"


def _enqueue_fix(method: str) -> str:
    return (
        "run it in the background, remove the decorator of the task, and write "
        "@typed_signals.django.receiver(..., background=True), or without Django, @receiver of a "
        "typed_signals.background.Background; to enqueue a task that has other callers, connect a "
        f"function that calls its {method}()"
    )


def task_problem(method: str) -> str:
    """
    Return the message for a task under ``@receiver``.

    Args:
        method: the method that enqueues it.
    """
    if method == CELERYS_METHOD:
        return no_weak_reference_problem("Proxy", method)
    return f"{_NOT_CALLABLE} To {_enqueue_fix(method)}"


def no_weak_reference_problem(cls: str, enqueue: str | None = None) -> str:
    """
    Return the message for a receiver that is an instance of *cls*, without weak references.

    Args:
        cls: the name of its class.
        enqueue: the method that enqueues it, if it is a task.
    """
    fix = "pass weak=False" if enqueue is None else f"to {_enqueue_fix(enqueue)}"
    return f"{cls} objects cannot be weakly referenced: {fix}"


def lost_receiver_fix(what: str) -> str:
    """
    Return how to keep a weakly referenced receiver alive.

    Args:
        what: what it is: LAMBDA, LOCAL_FUNCTION, or the name of another kind of object.
    """
    if what == LAMBDA:
        fix = "connect a module-level function"
    elif what == LOCAL_FUNCTION:
        fix = "define the function at module level"
    else:
        fix = f"keep a reference to the {what}"
    return f"{fix}, or pass weak=False"


def not_typed_dict_problem(payload: str, *, is_swapped: bool, inner: str | None = None) -> str:
    """
    Return the message for a *payload* type that is not a TypedDict.

    Args:
        payload: the type.
        is_swapped: whether the sender is a TypedDict.
        inner: the name of the only TypedDict in the type, as in ``Optional[inner]``.
    """
    if inner is not None:
        fix = f"write {inner}, with NotRequired for keys that a send may leave out"
    elif is_swapped:
        fix = "sender and payload seem to be swapped, write Signal[sender, payload]"
    elif payload == "None":
        fix = "use an empty TypedDict for a signal without a payload"
    else:
        fix = "declare its keys in a class that inherits from TypedDict"
    return f"the payload {payload} is not a TypedDict: {fix}"


def no_sender_problem(payload: str) -> str:
    """
    Return the message for a *payload* that is used as the sender.
    """
    return f"{payload} is a payload, not a sender: write Signal[object, {payload}]"


def base_signal_problem(name: str = "BaseSignal") -> str:
    """
    Return the message for an instance of a class without an engine, called *name*.
    """
    return f"{name} cannot be instantiated: use typed_signals.Signal or typed_signals.django.Signal"


def uncalled_problem(cls: str) -> str:
    """
    Return the message for the class *cls* that is used as a signal.
    """
    if cls == "BaseSignal":
        fix = f"use {_ENGINES}, with () at the end"
    else:
        fix = "create a signal with () after the class and any type arguments"
    return f"{cls} is a class, not a signal: {fix}"


def not_a_signal_problem(name: str, *, is_function: bool) -> str:
    """
    Return the message for ``receiver(name)``.

    Args:
        name: an object that is neither a signal nor a signal class.
        is_function: whether it is a function, so that the parentheses seem to be missing.
    """
    if is_function:
        fix = "call it with your signal, as in @receiver(your_signal)"
    else:
        fix = "pass the signal itself, as in @receiver(pizza_done)"
    return f"receiver() takes a signal or a list of signals, not {name}: {fix}"


def reserved_keys_problem(payload_name: str, reserved: Iterable[str]) -> str:
    """
    Return the message for a payload with reserved keys.
    """
    names = list(reserved)
    are, keys = ("this name is", "key") if len(names) == 1 else ("these names are", "keys")
    return f"{payload_name} declares {listed(names)}, but {are} reserved: rename the {keys}"


def first_parameter_problem(function: str, first: str | None, names: Iterable[str | None]) -> str:
    """
    Return the message for a *function* that declares a signal, but does not begin with the sender.

    Args:
        function: its name.
        first: its first positional parameter, if there is one.
        names: all its parameters.
    """
    if "sender" in names:
        fix = "make it the first positional parameter"
    elif first is None:
        fix = "add it"
    elif first in _NOT_KEYS:
        fix = f"rename {first!r}"
    else:
        fix = f"add it, or rename {first!r} if that is the sender"
    return f"the first parameter of {function} must be 'sender': {fix}"


def unsendable_problem(parameter: str) -> str:
    """
    Return the message for a *parameter* of a declaration that cannot be passed by keyword.
    """
    return (
        f"'{parameter}' cannot be passed by keyword, but a payload is sent by keyword: make it a "
        "keyword parameter"
    )


def not_awaited_problem(engine: str) -> str:
    """
    Return the message for an async receiver in the background of *engine*.
    """
    return _NOT_AWAITED_IN_BACKGROUND.format(engine=engine)


def not_found_problem(what: str) -> str:
    """
    Return the message for a receiver in the background that another process cannot find.

    Args:
        what: what it is, like ``"a lambda"``.
    """
    return (
        f"another process cannot find {what}: connect a function that is defined in a module, or a "
        "class method or static method"
    )


WITHOUT_NAME = (
    "another process cannot find a signal without a name in a module: assign it to a name there"
)

IN_MAIN = (
    "another process has another __main__ module, and cannot find it there: define it in a module "
    "that both import"
)


def cannot_travel_problem(name: str, reason: str, fix: str) -> tuple[str, str]:
    """
    Return the problem of a receiver in the background that names something that does not travel,
    and the fix.

    Args:
        name: the name.
        reason: why it does not travel.
        fix: what can be declared in its place; may be empty.
    """
    what = f"{shown(name)} cannot travel to the background: {reason}"
    return what, f"remove it, or {fix}" if fix else "remove it"


def delivery_not_in_problem(kwargs: str) -> str:
    """
    Return the message for a receiver in the background that reads the delivery from its *kwargs*.
    """
    return (
        f"'delivery' is never in {kwargs}, because it is only passed to a parameter of that name: "
        "add the parameter"
    )


def key_not_in_problem(key: str, kwargs: str, reason: str, fix: str) -> str:
    """
    Return the message for a receiver in the background that reads a key that does not travel.

    Args:
        key: the key.
        kwargs: where it reads the key: the name of its parameter.
        reason: why it does not travel.
        fix: what can be declared in its place.
    """
    what, fix = cannot_travel_problem(key, reason, fix)
    return f"{what}, so it is never in {kwargs}: {fix}"


def vague_type_problem(name: str) -> tuple[str, str]:
    """
    Return what is wrong with the type *name*, like ``Any``, in the background, and the fix.
    """
    return f"is {name}, which does not say what comes back", "declare its type"


def bare_type_problem(name: str) -> tuple[str, str]:
    """
    Return what is wrong with the generic type *name* without arguments, and the fix.
    """
    return f"is {name}, which does not say what is in it", f"declare {name}[...]"


def opaque_type_problem(name: str) -> tuple[str, str]:
    """
    Return what is wrong with the class *name*, which does not declare its data, and the fix.
    """
    fix = "declare its id, or the data that the receiver needs"
    return f"is {name}, which cannot be sent to another process", fix


def unchangeable_type_problem(text: str) -> tuple[str, str]:
    """
    Return what is wrong with the type *text* of a key of Django's own signal, and the fix.
    """
    return opaque_type_problem(text)[0], "send a signal of your own with what you need of it"


def same_names_problem(name: str) -> tuple[str, str]:
    """
    Return what is wrong with a union of two types with this *name*, and the fix.
    """
    return f"is a union of two types called {name}", "rename one of them"


# The same for classes of Django, by their full names.
TYPES_OF_DJANGO = {
    "django.db.models.query.QuerySet": (
        "is a QuerySet, which may have other rows there",
        "declare list[...] of the model",
    ),
    "django.db.models.manager.Manager": (
        "is a manager, which belongs to this process",
        "declare type[...] of the model",
    ),
    "django.db.models.fields.files.FieldFile": (
        "is a file of a model",
        "declare the model, or the name of the file as str",
    ),
    "django.utils.functional.Promise": (
        "is a lazy text, which depends on the language",
        "declare str and pass str(...)",
    ),
    "django.utils.safestring.SafeString": (
        "would come back as str",
        "declare str, and call mark_safe in the receiver",
    ),
}


_WITHOUT_ROW = "send a signal of your own with the values that are needed"

# The problems of a receiver in the background of pre_delete and of post_delete, and the fix.
ROW_GOES = (
    "'instance' cannot travel to the background, because the row is deleted after this signal",
    _WITHOUT_ROW,
)
ROW_IS_GONE = (
    "'instance' cannot travel to the background, because its row is deleted",
    _WITHOUT_ROW,
)


def undeliverable_problem(signal_name: str, receiver: str, key: str, reason: str) -> str:
    """
    Return the message for a value of a send that does not travel.

    Args:
        signal_name: the name of the signal.
        receiver: the key of the receiver that names it.
        key: its key in the payload.
        reason: why it does not travel, and the fix.
    """
    return (
        f"{signal_name} cannot deliver {shown(key)} to {receiver}, which runs in the background: "
        f"{reason}"
    )
