"""
The pizzeria, which only needs typed-signals.
"""

from __future__ import annotations

from .running import EXAMPLES, mypy_finds_what_is_marked, run, title


def application_runs() -> str | None:
    title("The application: it sends signals to sync and async receivers.")
    result = run("-m", "pizzeria")
    print("\nThe log on stderr for the receiver that failed in send_robust:\n")
    print(result.stderr, end="")
    if result.returncode != 0:
        return f"the pizzeria ended with exit code {result.returncode}"
    if result.stdout != (EXAMPLES / "pizzeria" / "expected_output.txt").read_text("utf-8"):
        return "the pizzeria printed something other than pizzeria/expected_output.txt"
    return None


def right_copy_passes() -> str | None:
    title("mypy on the application, with `plugins = typed_signals.mypy`:")
    result = run("-m", "mypy", "pizzeria")
    print(result.stderr, end="")
    return None if result.returncode == 0 else "mypy does not pass the pizzeria"


def mistakes_are_found() -> str | None:
    title("mypy on typical mistakes, pizzeria_mistakes.py:")
    return mypy_finds_what_is_marked("pizzeria_mistakes.py")


def connect_refuses_too() -> str | None:
    title("Without a type checker, the same file stops at the first wrong receiver:")
    result = run("pizzeria_mistakes.py")
    last = result.stderr.strip().rpartition("\n")[2]
    print(last)
    if "ReceiverSignatureError" not in last:
        return "connect does not refuse the first receiver of pizzeria_mistakes.py"
    return None


STEPS = (application_runs, right_copy_passes, mistakes_are_found, connect_refuses_too)
