"""
Surveys of projects of our own making, and facts as short lines.
"""

from __future__ import annotations

import functools
import os
import pickle
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from mypy.find_sources import create_source_list
from mypy.options import Options

from tests.shared_folders import shared_folder
from typed_signals.cli.survey.take import survey_of
from typed_signals.cli.survey.written_types import short_text

if TYPE_CHECKING:
    from typed_signals.cli.survey.model import ReceiverFact, SendFact, SignalFact, Survey

PROJECTS: Final = Path(__file__).parent / "projects"
_CACHE: Final = TemporaryDirectory(prefix="survey-")


@functools.cache
def survey_project(name: str) -> Survey:
    """
    Return the survey of a project in the folder ``projects``.
    """

    def write(folder: Path) -> None:
        survey = survey_folder(PROJECTS / name, name)
        (folder / "survey").write_bytes(pickle.dumps(survey))

    read = (shared_folder(f"survey of {name}", write) / "survey").read_bytes()
    survey: Survey = pickle.loads(read)  # noqa: S301 - it is from another test
    return survey


def survey_folder(root: Path, name: str = ".") -> Survey:
    """
    Return the survey of what is in *root*, or of the package in it with this *name*.
    """
    options = Options()
    options.cache_dir = _CACHE.name
    options.python_executable = sys.executable
    options.explicit_package_bases = True
    options.mypy_path = [str(root)]
    if (root / "mypy.ini").exists():
        options.config_file = str(root / "mypy.ini")
    before = Path.cwd()
    os.chdir(root)
    try:
        return survey_of(create_source_list([name], options), options, str(root), infers=True)
    finally:
        os.chdir(before)


def signal_line(fact: SignalFact) -> str:
    """
    Return a signal like ``baked django ['bread'] alias.of.it``.
    """
    documented = f" {[*fact.documented]}" if fact.documented else ""
    return " ".join([f"{_short(fact.fullname)} {fact.kind}{documented}", *fact.aliases])


def send_line(fact: SendFact) -> str:
    """
    Return a send like ``12 baked.send(type[Bread], bread: Bread, note?: str)``.
    """
    arguments = [] if fact.sender is None else [short_text(fact.sender)]
    arguments += [f"/{short_text(each)}" for each in fact.positional]
    arguments += [
        f"{name}{'' if key.required else '?'}: {short_text(key.type)}"
        for name, key in fact.keys.items()
    ]
    arguments += [f"**{text}" for text in fact.spread]
    through = "".join(f" through {_short(name)}" for name in fact.through)
    what = _short(fact.signal) if fact.signal else f"<{fact.why_unknown}>"
    return f"{fact.place.line} {what}.{fact.method}({', '.join(arguments)}){through}"


def receiver_line(fact: ReceiverFact) -> str:
    """
    Return a receiver like ``12 baked @receiver on_baked(sender, size: int, *, flag=, **kwargs)``.
    """
    parameters = ["?"] if fact.parameters is None else []
    for one in fact.parameters or ():
        annotation = "" if one.type is None else f": {short_text(one.type)}"
        star = "*" if one.kind == "keyword" else ""
        parameters.append(f"{star}{one.name}{annotation}{'' if one.required else '='}")
    if fact.kwargs is not None:
        reads = "".join(f"[{key}]" for key in fact.reads)
        parameters.append(f"**{fact.kwargs}{reads}{'...' if fact.may_read_more else ''}")
    sender = "" if fact.sender is None else f" of {short_text(fact.sender)}"
    what = _short(fact.signal) if fact.signal else f"<{fact.why_unknown}>"
    return (
        f"{fact.place.line} {what}{sender} {fact.form} {_short(fact.name)}({', '.join(parameters)})"
    )


def _short(name: str) -> str:
    return name.replace("bakery.", "").replace("signals.", "").replace("receivers.", "")
