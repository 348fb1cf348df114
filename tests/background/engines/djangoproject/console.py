"""
A process of the project that executes what a test writes to it: JSON texts, one a line.

What the code assigns to ``result`` is written as JSON.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any


def main() -> None:
    for line in sys.stdin:
        namespace: dict[str, Any] = {"result": None}
        try:
            exec(json.loads(line), namespace)
            answer = {"result": namespace["result"]}
        except Exception:  # noqa: BLE001 - of the test
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer, default=list), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
