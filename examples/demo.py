"""
The demo: the pizzeria runs, mypy passes it, and mypy finds every mistake in its wrong copy.

Run it where typed-signals and mypy are installed, or by ``make demo``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    steps = (application_runs, right_copy_passes, mistakes_are_found, connect_refuses_too)
    failures = [failure for step in steps if (failure := step())]
    for failure in failures:
        print(f"\nNot as it should be: {failure}.")
    print(f"\nDemo {'FAILED' if failures else 'passed'}.")
    return 1 if failures else 0


def application_runs() -> str | None:
    """
    Run the pizzeria; like the other steps, return what is wrong, or None.
    """
    title("The application: signals are sent, synchronous and asynchronous receivers answer.")
    result = run("pizzeria")
    print("\nOn stderr, the logger's word on the receiver that failed under send_robust:\n")
    print(result.stderr, end="")
    if result.returncode != 0:
        return f"the pizzeria ended with exit code {result.returncode}"
    if result.stdout != (HERE / "pizzeria" / "expected_output.txt").read_text("utf-8"):
        return "the pizzeria printed something other than pizzeria/expected_output.txt"
    return None


def right_copy_passes() -> str | None:
    title("mypy on the application, with `plugins = typed_signals.mypy`:")
    result = run("mypy", "pizzeria")
    print(result.stderr, end="")
    return None if result.returncode == 0 else "mypy does not pass the pizzeria"


def mistakes_are_found() -> str | None:
    title("mypy on a copy with typical mistakes, pizzeria_wrong:")
    result = run("mypy", "--no-color-output", "pizzeria_wrong")
    print(result.stderr, end="")
    reported, marked = reported_lines(result.stdout), marked_lines("pizzeria_wrong")
    if missed := sorted(marked - reported):
        return f"mypy misses the mistakes in {', '.join(missed)}"
    if unmarked := sorted(reported - marked):
        return f"mypy reports what is no mistake in {', '.join(unmarked)}"
    print(f"\nEach of the {len(marked)} lines marked `# E:` is reported, and no other.")
    return None


def connect_refuses_too() -> str | None:
    title("Without a type checker, the wrong copy stops at its first wrong receiver:")
    result = run("pizzeria_wrong")
    last = result.stderr.strip().rpartition("\n")[2]
    print(last)
    if "ReceiverSignatureError" not in last:
        return "connect does not refuse the first wrong receiver of pizzeria_wrong"
    return None


def title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """
    Run ``python -m module`` here, and print what it prints.
    """
    command = [sys.executable, "-m", module, *arguments]
    print("$ python", *command[1:], flush=True)
    result = subprocess.run(
        command, cwd=HERE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    print(result.stdout, end="", flush=True)
    return result


def reported_lines(output: str) -> set[str]:
    """
    Return the places of the errors in mypy's output, each as ``file:line``.
    """
    return set(re.findall(r"^(.+?:\d+): error:", output, re.MULTILINE))


def marked_lines(package: str) -> set[str]:
    """
    Return the places in *package* that are marked as mistakes by ``# E:``.
    """
    return {
        f"{file.relative_to(HERE)}:{number}"
        for file in (HERE / package).glob("*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if "  # E: " in line
    }


if __name__ == "__main__":
    sys.exit(main())
