"""
The old shop, which has neither annotations nor a set-up: the command looks into its signals.
"""

from __future__ import annotations

from .running import run, title


def command(*arguments: str) -> tuple[int, str]:
    """
    Run ``typed-signals``, print its output, and return its exit code and all of its output.
    """
    result = run("-m", "typed_signals", *arguments, "old_shop")
    print(result.stderr, end="", flush=True)
    return result.returncode, result.stdout + result.stderr


def check_finds_a_mistake() -> str | None:
    title("An old project, old_shop: are its signals used in the right way? Django's are known.")
    status, output = command("check")
    if status != 1 or "'is_new' is never sent" not in output or "errors: 1" not in output:
        return "check does not find the mistake with a signal of Django in old_shop"
    return None


def map_shows_its_signals() -> str | None:
    title("Who sends and who receives its signals, and what do they carry?")
    status, output = command("map")
    return None if status == 0 and "2 sends, 5 receivers" in output else "map misses signals"


def infer_declares_one() -> str | None:
    title("Declare what is sure, without changing the files yet. Another mistake is in the way:")
    _, output = command("infer", "--diff")
    if "class OrderPlaced(TypedDict)" not in output:
        return "infer does not declare order_placed of old_shop"
    if "requires 'why', which is never sent" not in output:
        return "infer does not find the mistake with order_cancelled in old_shop"
    return None


STEPS = (check_finds_a_mistake, map_shows_its_signals, infer_declares_one)
