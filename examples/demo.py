"""
The demo: it runs and type-checks three applications, and finds the marked mistakes in them.

Run it with typed-signals, msgspec, mypy, Django and django-stubs installed, or with
``make demo``.
"""

from __future__ import annotations

import sys

from demos import djangoproject, pizzeria, shop_in_background


def main() -> int:
    steps = (*pizzeria.STEPS, *shop_in_background.STEPS, *djangoproject.STEPS)
    failures = [failure for step in steps if (failure := step())]
    for failure in failures:
        print(f"\nNot as it should be: {failure}.")
    print(f"\nDemo {'FAILED' if failures else 'passed'}.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
