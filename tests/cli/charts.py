"""
Surveys made by hand, for the formats of the map.
"""

from __future__ import annotations

import random
from typing import Final

from typed_signals.cli.survey.model import (
    Key,
    Place,
    ReceiverFact,
    ReceiverParameter,
    SendFact,
    SignalFact,
    Survey,
)
from typed_signals.cli.survey.written_types import (
    NONE,
    NamedType,
    UnionOf,
    UnknownType,
    WrittenType,
)

INT: Final = NamedType("builtins", "int")
STR: Final = NamedType("builtins", "str")
TOPPINGS: Final = NamedType("builtins", "list", (STR,))
STORE: Final = NamedType("shop.store", "PizzaStore")
CUSTOMER: Final = UnionOf((NamedType("shop.models", "Customer"), NONE))
EVIL: Final = "</script><img src=x onerror=alert(1)>\"'`&#;\\n"

PIZZAS: Final = Survey(
    root="/home/pizza",
    signals=(
        SignalFact(
            "shop.signals.pizza_done",
            Place("shop/signals.py", 12),
            "typed",
            "typed_signals.Signal",
            payload={"toppings": Key(TOPPINGS), "size": Key(INT, required=False)},
            payload_type=NamedType("shop.signals", "PizzaDone"),
            sender=NamedType("builtins", "type", (STORE,)),
            comment="A pizza is done.",
        ),
        SignalFact(
            "shop.signals.pizza_burnt",
            Place("shop/signals.py", 14),
            "typed",
            "typed_signals.Signal",
            payload={"toppings": Key(TOPPINGS), "size": Key(INT, required=False)},
            payload_type=NamedType("shop.signals", "PizzaDone"),
        ),
        SignalFact(
            "mail.signals.mail_sent",
            Place("mail/signals.py", 3),
            "django",
            "django.dispatch.Signal",
        ),
        SignalFact(
            "mail.signals.bounced", Place("mail/signals.py", 4), "blinker", "blinker.NamedSignal"
        ),
        SignalFact(
            "django.db.models.signals.post_save",
            None,
            "builtin",
            "django.db.models.signals.ModelSignal",
            in_project=False,
            payload={"instance": Key(UnknownType()), "created": Key(NamedType("builtins", "bool"))},
        ),
        SignalFact(
            "django.db.models.signals.post_delete",
            None,
            "builtin",
            "django.db.models.signals.ModelSignal",
            in_project=False,
        ),
    ),
    sends=(
        SendFact(
            "shop.signals.pizza_done",
            Place("shop/store.py", 40, 8),
            "send",
            {"toppings": Key(TOPPINGS), "size": Key(INT)},
            sender=NamedType("builtins", "type", (STORE,)),
            sender_text="PizzaStore",
            module="shop.store",
            function="shop.store.PizzaStore.bake",
        ),
        SendFact(
            "shop.signals.pizza_done",
            Place("shop/store.py", 52, 8),
            "send_robust",
            {"toppings": Key(TOPPINGS)},
            sender_text="PizzaStore",
            spread=("extra",),
            module="shop.store",
            function="shop.store.PizzaStore.warm",
        ),
        SendFact(
            "mail.signals.mail_sent",
            Place("mail/receivers.py", 21, 4),
            "send",
            {"customer": Key(CUSTOMER), "subject": Key(UnknownType(), required=False)},
            sender_text="None",
            module="mail.receivers",
            function="mail.receivers.on_pizza",
            through=("mail.sending.announce",),
        ),
        SendFact(
            None,
            Place("shop/plugins.py", 9),
            "send",
            {"size": Key(INT)},
            module="shop.plugins",
            why_unknown="it is a parameter",
        ),
    ),
    receivers=(
        ReceiverFact(
            "shop.signals.pizza_done",
            Place("mail/receivers.py", 17),
            "mail.receivers.on_pizza",
            Place("mail/receivers.py", 18),
            sender=NamedType("builtins", "type", (STORE,)),
            sender_text="PizzaStore",
            parameters=(ReceiverParameter("sender"), ReceiverParameter("size", INT)),
            kwargs="kwargs",
            reads=("toppings",),
            may_read_more=False,
            form="@receiver",
        ),
        ReceiverFact(
            "shop.signals.pizza_done",
            Place("stats/apps.py", 11),
            "stats.counts.count",
            parameters=(ReceiverParameter("sender"),),
            kwargs="kwargs",
            form="connect",
            is_async=True,
        ),
        ReceiverFact(
            "shop.signals.pizza_done",
            Place("stats/apps.py", 12),
            "stats.counts.ignore",
            parameters=(),
            kwargs="kwargs",
            may_read_more=False,
            form="connect",
            in_background=True,
        ),
        ReceiverFact(
            "django.db.models.signals.post_save",
            Place("shop/models.py", 30),
            "shop.models.on_save",
            parameters=(
                ReceiverParameter("instance"),
                ReceiverParameter("created", required=False),
            ),
            kwargs="kw",
            may_read_more=False,
            form="@receiver",
        ),
        ReceiverFact(
            None,
            Place("stats/apps.py", 20),
            "lambda **kwargs: None",
            kwargs="kwargs",
            form="connect",
            why_unknown="it is looked up by name",
        ),
    ),
    problems=("shop/broken.py could not be parsed",),
)

HOSTILE: Final = Survey(
    root="/",
    signals=(
        SignalFact(
            f"a.{EVIL}.end",
            Place(f"a/{EVIL}.py", 1),
            "django",
            EVIL,
            comment=EVIL,
            payload={EVIL: Key(NamedType("builtins", EVIL))},
        ),
        SignalFact("end.end", Place("end.py", 1), "django", "django.dispatch.Signal"),
        SignalFact("größe.ñ", Place("größe.py", 1), "django", "django.dispatch.Signal"),
    ),
    sends=(
        SendFact(
            f"a.{EVIL}.end",
            Place(EVIL, 1),
            EVIL,
            {EVIL: Key(NamedType("builtins", EVIL))},
            sender_text=EVIL,
            spread=(EVIL,),
            module=EVIL,
            through=(EVIL,),
        ),
        SendFact("end.end", Place("end.py", 2), "send", module="end", function="1. graph"),
        SendFact(None, Place(EVIL, 1), "send", module="", why_unknown=EVIL),
    ),
    receivers=(
        ReceiverFact(
            f"a.{EVIL}.end",
            Place(EVIL, 1),
            EVIL,
            sender_text=EVIL,
            parameters=(ReceiverParameter(EVIL, NamedType("builtins", EVIL)),),
            kwargs=EVIL,
            reads=(EVIL,),
            form=EVIL,
        ),
    ),
    problems=(EVIL,),
)

_WORDS: Final = (
    *("order", "invoice", "customer", "payment", "shipment", "basket", "product", "review"),
    *("account", "session", "image", "document", "page", "task", "comment", "coupon", "refund"),
)
_EVENTS: Final = ("created", "changed", "removed", "approved", "started", "failed", "published")


def large_survey(signals: int = 300, receivers: int = 1000) -> Survey:
    """
    Return a survey of a large project, the same each time.
    """
    rng = random.Random(21)  # noqa: S311
    types: list[WrittenType] = [INT, STR, TOPPINGS, CUSTOMER, UnknownType()]
    facts = []
    sends = []
    for number in range(signals):
        app = rng.choice(_WORDS)
        name = f"acme.{app}s.signals.{app}_{rng.choice(_WORDS)}_{rng.choice(_EVENTS)}_{number}"
        keys = {word: Key(rng.choice(types)) for word in rng.sample(_WORDS, rng.randrange(1, 7))}
        is_declared = rng.random() < 0.4
        facts.append(
            SignalFact(
                name,
                Place(f"src/acme/{app}s/signals.py", 10 + number),
                "typed" if is_declared else "django",
                "typed_signals.django.Signal" if is_declared else "django.dispatch.Signal",
                payload=keys if is_declared else None,
            )
        )
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            sending = rng.choice(_WORDS)
            sends.append(
                SendFact(
                    name,
                    Place(f"src/acme/{sending}s/services/handling.py", rng.randrange(1, 900)),
                    "send",
                    keys,
                    sender_text="self.__class__",
                    spread=("extra",) if rng.random() < 0.1 else (),
                    module=f"acme.{sending}s.services.handling",
                    function=f"acme.{sending}s.services.handling.{sending.title()}Service.handle",
                )
            )
    heard = []
    for number in range(receivers):
        fact = facts[
            min(int(rng.paretovariate(0.8)) - 1, signals - 1)
            if number % 3
            else rng.randrange(signals)
        ]
        app = rng.choice(_WORDS)
        place = Place(f"src/acme/{app}s/receivers.py", 5 + number)
        heard.append(
            ReceiverFact(
                fact.fullname,
                place,
                f"acme.{app}s.receivers.update_{rng.choice(_WORDS)}_{number}",
                place,
                sender_text=rng.choice(("", "", "Order")),
                parameters=(ReceiverParameter("sender"), ReceiverParameter(rng.choice(_WORDS))),
                kwargs="kwargs",
                may_read_more=rng.random() < 0.1,
                form="@receiver",
            )
        )
    return Survey("/srv/acme", tuple(facts), tuple(sends), tuple(heard))
