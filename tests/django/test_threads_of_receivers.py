"""
Threads that run receivers in the background keep no connections to databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from tests.support import run_script, unchecked
from typed_signals import Signal
from typed_signals.background import Background, Threads

if TYPE_CHECKING:
    from pathlib import Path

SET_UP = """
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": "PATH", "CONN_MAX_AGE": None
        }
    }
)

import atexit
import django
from django.db import connection, connections, transaction
from asgiref.sync import sync_to_async
from typing import TypedDict
from typed_signals import Signal
from typed_signals.background import Background, Threads

django.setup()

class Order(TypedDict):
    number: int

order_placed = Signal[object, Order]()
threads = Threads(max_workers=1)
used = []

def query(number):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [number])
        used.append(connections["default"])
        return cursor.fetchone()[0]

@Background(threads).receiver(order_placed)
def ship(number, **kwargs):
    return query(number)
"""

SCRIPT = """
@Background(threads).receiver(order_placed)
async def mail(number, **kwargs):
    return await sync_to_async(query)(-number)

query(0)
for number in (1, 2):
    results = [delivery.result.result() for _, delivery in order_placed.send(None, number=number)]
    assert results == [number, -number], results
threads.drain()
mine, *others = used
assert mine.connection is not None
assert len(others) == 4
assert {each.connection for each in others} == {None}
mine.close()
"""


def test_connections_are_closed_after_each_receiver(tmp_path: Path) -> None:
    run_script(SET_UP.replace("PATH", str(tmp_path / "shop.sqlite3")) + SCRIPT)


AT_EXIT = """
@atexit.register
def leave():
    with transaction.atomic():
        query(0)
        [(_, delivery)] = order_placed.send(None, number=3)
        assert delivery.result.result(0) == 3
        query(0)
    print("left")
"""


def test_receivers_in_place_keep_the_connections_of_the_sender(tmp_path: Path) -> None:
    assert run_script(SET_UP.replace("PATH", str(tmp_path / "shop.sqlite3")) + AT_EXIT) == "left\n"


class Order(TypedDict):
    number: int


order_placed = Signal[object, Order]()


def ship(number: int, **kwargs: object) -> int:
    return number


def test_result_where_django_is_configured() -> None:
    threads = Threads()
    Background(threads).receiver(order_placed)(ship)
    [(_, delivery)] = order_placed.send(None, number=7)
    order_placed.disconnect(ship)
    assert unchecked(delivery).result.result(60) == 7
    assert threads.drain(60)
