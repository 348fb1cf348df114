"""
Print how many mutants of each module the tests found, and fail if they found too few.

A script of ``make mutate``: ``python scores.py SESSION``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Final

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome

# In percent. Some mutants do not change the behaviour, so it is never 100.
LEAST: Final = 80


def main() -> int:
    found: dict[str, list[bool]] = defaultdict(list)
    with use_db(sys.argv[1], WorkDB.Mode.open) as session:
        for item, result in session.completed_work_items:
            if result.worker_outcome is not WorkerOutcome.SKIPPED:
                found[str(item.mutations[0].module_path)].append(result.is_killed)
    scores = {module: 100 * sum(kills) / len(kills) for module, kills in found.items()}
    for module, score in sorted(scores.items()):
        few = f", less than {LEAST} %" if score < LEAST else ""
        print(f"{module}: {sum(found[module])} of {len(found[module])}, {score:.0f} %{few}")
    return int(any(score < LEAST for score in scores.values()))


if __name__ == "__main__":
    sys.exit(main())
