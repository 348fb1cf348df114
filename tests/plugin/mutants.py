"""
Random mutants of programs: some of their lines or tokens are deleted, doubled or swapped.
"""

from __future__ import annotations

import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path


def mutants(paths: list[Path], chance: random.Random) -> Iterator[tuple[str, str]]:
    """
    Yield names and mutants of the programs in *paths* in turn, endlessly.
    """
    # A misspelt option makes mypy fail, without the plugin.
    sources = [re.sub(r"^# mypy: .*\n", "", path.read_text("utf-8")) for path in paths]
    while True:
        for path, source in zip(paths, sources, strict=True):
            yield path.stem, mutate(source, chance)


def mutate(source: str, chance: random.Random) -> str:
    """
    Return *source* with some of its lines or tokens deleted, doubled or swapped.

    Python can still compile it, because the plugin does not get other programs.
    """
    while True:
        mutant = source
        for _ in range(chance.randint(1, 6)):
            pieces = tokens(mutant) if chance.random() < 0.7 else mutant.splitlines(keepends=True)
            one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
            match chance.choice(["delete", "double", "swap", "copy"]):
                case "delete":
                    pieces[one] = ""
                case "double":
                    pieces[one] *= 2
                case "swap":
                    pieces[one], pieces[other] = pieces[other], pieces[one]
                case _:
                    pieces[one] = pieces[other]
            mutant = "".join(pieces)
        if mutant != source and compiles(mutant):
            return mutant


def tokens(source: str) -> list[str]:
    """
    Return the tokens of *source* and the text between them; its lines, if there are none.
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    pieces = []
    position = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            pieces += [source[position:start], source[start:end]]
            position = end
    except (tokenize.TokenError, SyntaxError, IndexError):
        return lines
    return pieces


def compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(source, "mutant", "exec")
        except (SyntaxError, ValueError):
            return False
    return True
