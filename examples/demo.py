"""
The demo: two applications run, mypy passes them, and finds every mistake made around them.

Run it where typed-signals is installed together with mypy, Django and django-stubs, or by
``make demo``.
"""

from __future__ import annotations

import sys

from demos import djangoproject, pizzeria


def main() -> int:
    steps = (*pizzeria.STEPS, *djangoproject.STEPS)
    failures = [failure for step in steps if (failure := step())]
    for failure in failures:
        print(f"\nNot as it should be: {failure}.")
    print(f"\nDemo {'FAILED' if failures else 'passed'}.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
