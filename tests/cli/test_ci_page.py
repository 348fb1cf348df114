"""
The commands and hooks that the pages show for CI exist.

``tests/pages`` runs the commands whose output is shown.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from argparse import ArgumentParser
from importlib import import_module
from typing import Final

import yaml

from tests.markdown import ROOT, read_blocks

PAGE: Final = "docs/howto/ci.md"
SHOWN: Final = [
    block.text
    for page in (PAGE, "docs/reference/check.md", "docs/reference/schema.md")
    for block in read_blocks(page)
]


def test_options_of_our_commands_exist() -> None:
    shown = set()
    commands = re.findall(r"\btyped-signals ([a-z][^&\n]*)", "\n".join(SHOWN))
    for name, *arguments in map(shlex.split, commands):
        parser = ArgumentParser(exit_on_error=False)
        import_module(f"typed_signals.cli.{name}").add_arguments(parser)
        assert parser.parse_args(arguments)
        shown.add((name, *arguments[:1]))
    assert shown >= {
        ("check",),
        ("check", "--baseline"),
        ("check", "--format"),
        ("check", "--write-baseline"),
        ("schema", "--check"),
        ("schema", "--write"),
    }


def test_hooks_of_pre_commit_install_the_extra() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for hook in hooks:
        command, *_ = hook["entry"].split()
        assert command in project["scripts"]
        assert hook["additional_dependencies"] == project["optional-dependencies"]["check"]
        # The same is on the page, without the address of the repository.
        del hook["description"]
        hook["additional_dependencies"] = ["typed-signals[check]"]
    (shown,) = (block.text for block in read_blocks(PAGE) if "repos:" in block.text)
    (local,) = yaml.safe_load(shown)["repos"]
    assert local == {"repo": "local", "hooks": hooks}


def test_workflows_can_be_read() -> None:
    for block in read_blocks(PAGE):
        if block.language == "yaml" and "runs-on" in block.text:
            (job,) = yaml.safe_load(block.text)["jobs"].values()
            assert all("run" in step or "uses" in step for step in job["steps"])
