"""
The demo: it runs and type-checks three applications, finds the marked mistakes in them, and looks
into the signals of an old one.

Run it with ``typed-signals[check]``, msgspec, Django and django-stubs installed, or with
``make demo``.
"""

from __future__ import annotations

import sys

from demos import djangoproject, old_shop, pizzeria, shop_in_background


def main() -> int:
    applications = (old_shop, pizzeria, shop_in_background, djangoproject)
    steps = [step for application in applications for step in application.STEPS]
    failures = [failure for step in steps if (failure := step())]
    for failure in failures:
        print(f"\nNot as it should be: {failure}.")
    print(f"\nDemo {'FAILED' if failures else 'passed'}.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
