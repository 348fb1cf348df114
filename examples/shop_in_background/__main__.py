"""
One morning.
"""

from __future__ import annotations

from . import receivers  # noqa: F401 - connects them
from .engine import threads
from .shop import Shop


def main() -> None:
    print("Ada orders two books. Mail and stock run in another thread.")
    [mail, stock] = Shop.place_order("Ada", ["Dune", "Emma"], coupon="WELCOME")
    threads.drain()
    print(f"shop    {mail.receiver} has run: {mail.result.result()}")
    print(f"shop    {stock.receiver} has run: {stock.result.result()}")

    print("\nBob orders one that is sold out: that fails in the background, not here.")
    [_, stock] = Shop.place_order("Bob", ["Emma"])
    threads.drain()
    print(f"shop    {stock.receiver} has failed: {stock.result.exception()}")


if __name__ == "__main__":
    main()
