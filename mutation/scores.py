"""
Print how many mutants of each module the tests found.

A script of ``make mutate``: ``python scores.py SESSION``. It fails if too few were found in a
module, if a mutant was not tested, or if there is none.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Final

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

# In percent. Some mutants do not change the behaviour, so it is never 100.
LEAST: Final = 70

TESTED: Final = {
    (WorkerOutcome.NORMAL, TestOutcome.KILLED): True,
    (WorkerOutcome.NORMAL, TestOutcome.SURVIVED): False,
}


def main() -> int:
    found: dict[str, list[bool]] = defaultdict(list)
    problems = []
    with use_db(sys.argv[1], WorkDB.Mode.open) as session:
        for item, result in session.completed_work_items:
            (mutation,) = item.mutations
            outcome = (result.worker_outcome, result.test_outcome)
            if outcome in TESTED:
                found[str(mutation.module_path)].append(TESTED[outcome])
            elif result.worker_outcome is not WorkerOutcome.SKIPPED:
                place = f"{mutation.module_path}:{mutation.start_pos[0]}"
                reason = " ".join(each.value for each in outcome if each)
                last_line = (result.output or "").strip().rpartition("\n")[2]
                problems.append(
                    f"{place}: {mutation.operator_name} not tested: {reason}: {last_line}"
                )
        if pending := len(session.pending_work_items):
            problems.append(f"{pending} mutants not tested: run the command again")
    if not found:
        problems.append("no mutant was tested")
    for module, kills in sorted(found.items()):
        score = 100 * sum(kills) / len(kills)
        print(f"{module}: {sum(kills)} of {len(kills)}, {score:.0f} %")
        if score < LEAST:
            problems.append(f"{module}: the tests find less than {LEAST} % of the mutants")
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
