"""
The shop, whose receivers run in the background: it also needs msgspec.
"""

from __future__ import annotations

from .running import EXAMPLES, run, title


def orders_are_handled() -> str | None:
    title("A shop with receivers in the background: mail and stock run in another thread.")
    result = run("-m", "shop_in_background")
    last = result.stderr.strip().rpartition("\n")[2]
    print(f"\nThe end of the log on stderr for the receiver that failed:\n\n{last}")
    if result.returncode != 0:
        return f"the shop ended with exit code {result.returncode}"
    expected = EXAMPLES / "shop_in_background" / "expected_output.txt"
    if result.stdout != expected.read_text("utf-8"):
        return "the shop printed something other than shop_in_background/expected_output.txt"
    return None


def its_tests_pass() -> str | None:
    title("Its tests, where such receivers run in place:")
    result = run("-m", "unittest", "shop_in_background.tests")
    print(result.stderr, end="")
    return None if result.returncode == 0 else "the tests of the shop fail"


def mypy_passes_the_shop() -> str | None:
    title("mypy on it:")
    result = run("-m", "mypy", "shop_in_background")
    print(result.stderr, end="")
    return None if result.returncode == 0 else "mypy does not pass the shop"


STEPS = (orders_are_handled, its_tests_pass, mypy_passes_the_shop)
