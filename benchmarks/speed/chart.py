"""
The results as a chart.
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from .case import OURS, OURS_ON_DJANGO
from .contenders import BY_HAND
from .floors import HELD_FIRST, NOTED, WEAK

if TYPE_CHECKING:
    from pathlib import Path

    from .results import Result

# The cases in the chart, side by side, with their titles.
CASES: Final = {
    "send, 5 receivers": "send to 5 functions",
    "send, 5 bound methods": "send to 5 bound methods",
}
# Only libraries are drawn: the first of these is the unit.
BY_OWN_CODE: Final = (BY_HAND, WEAK, HELD_FIRST, NOTED)
OUR_OWN: Final = (OURS, OURS_ON_DJANGO)
# There is no background, so these must be visible on white and on black.
TEXT: Final = "#7d858e"
BAR: Final = "#8b949e"
OUR_BAR: Final = "#2f81f7"
STYLE: Final = {
    # The same values give the same file, and its text can be searched and read aloud.
    "svg.fonttype": "none",
    "svg.hashsalt": "typed-signals",
    "font.family": ["sans-serif"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
}


def draw(results: list[Result], file: Path) -> None:
    """
    Write an SVG file with the times of a send, as multiples of a loop by hand.
    """
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    drawn = {result.case.name: result for result in results if result.case.name in CASES}
    with mpl.rc_context(STYLE):
        figure, panels = plt.subplots(
            ncols=len(CASES), sharex=True, sharey=True, figsize=(8.6, 3), layout="constrained"
        )
        longest = max(
            _draw_panel(panel, drawn[name], title)
            for panel, (name, title) in zip(panels, CASES.items(), strict=True)
        )
        # Space for the numbers.
        panels[0].set_xlim(0, 1.16 * longest)
        figure.supxlabel(
            f"time, as a multiple of the loop by hand (CPython {platform.python_version()}, "
            f"typed-signals {version('typed-signals')})",
            fontsize=9,
        )
        figure.savefig(file, transparent=True, metadata={"Date": None, "Creator": None})


def _draw_panel(panel: Any, result: Result, title: str) -> float:
    """
    Draw one case and return the length of its longest bar.
    """
    ratios = {
        contender: result.ratio(contender, BY_HAND)
        for contender in reversed(result.contenders)
        if contender not in BY_OWN_CODE
    }
    colors = [OUR_BAR if name in OUR_OWN else BAR for name in ratios]
    bars = panel.barh(list(ratios), list(ratios.values()), color=colors, height=0.65)
    panel.bar_label(bars, fmt="%.2f", padding=4)
    panel.axvline(1, color=TEXT, linewidth=1, linestyle=(0, (4, 3)))
    panel.set_title(title, fontsize=11)
    panel.tick_params(left=False)
    panel.spines[["left", "right", "top"]].set_visible(False)
    panel.spines["bottom"].set_color(TEXT)
    return max(ratios.values())
