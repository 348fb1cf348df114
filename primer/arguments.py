"""
What the commands of this package have in common: an option for names, and the cache.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from .sources import Cache

_FOLDER: Final = Path(__file__).resolve().parents[1] / ".primer"


def parser_of(command: str, description: str | None) -> argparse.ArgumentParser:
    """
    Return a parser with the option ``--only``, for ``python -m`` *command*.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m {command}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", default=(), help="only these")
    return parser


def default_cache() -> Cache:
    """
    Return the cache in the folder that the environment variable PRIMER_CACHE names, or in .primer.
    """
    return Cache(Path(os.environ.get("PRIMER_CACHE") or _FOLDER))
