"""Sends of signals that another module declares."""

from receivers import right
from signals import Store, declared, ordered, shipped, tracked

ordered.send(Store, number=1)
ordered.send(Store, numbr=1)
ordered.send(Store, number="1", note=None)
shipped.send(None, number=1)
shipped.send(None, number=1, price=1.0)[0][1].upper()
tracked.send(Store, note="")
tracked.announce("1")
declared.send(Store)
Store.opened.send(Store(), note=1)
right(None, 1)


async def later(store: Store) -> None:
    await store.opened.asend(store)
    await shipped.asend_robust(None, number=1, price="")
