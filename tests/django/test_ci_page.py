"""
The commands of Django on the page about CI exist.
"""

from __future__ import annotations

import re
import shlex

import pytest
from django.core.management import get_commands, load_command_class

from tests.markdown import read_blocks

pytestmark = pytest.mark.any_python


def test_options_of_commands_exist() -> None:
    shown = "\n".join(block.text for block in read_blocks("docs/howto/ci.md"))
    commands = re.findall(r"\bmanage\.py ([^&\n]*)", shown)
    assert len(commands) == 2
    for name, *arguments in map(shlex.split, commands):
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        assert parser.parse_args(arguments)
