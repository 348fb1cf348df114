"""
The index has all messages, and the pages have all messages of the source code, with few exceptions.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from tests.markdown import read_blocks
from typed_signals import exceptions
from typed_signals.mypy import codes

from .index import FOLDER, INDEX, PAGES, with_messages
from .source import messages

# Each code of the plugin has a section there, with its messages.
OF_PLUGIN: Final = "docs/reference/plugin.md"

SHOWN: Final = "\n".join(
    block.text
    for page in [*(f"docs/troubleshooting/{each}.md" for each in PAGES), OF_PLUGIN]
    for block in read_blocks(page)
    if block.language == "text"
)

# What is not on the pages: modules, or parts of their texts, by the reason.
LEFT_OUT: Final = {
    "not a message: generated code, a description of a code, a part of a repr": [
        "_send/codegen.py",
        "_watch/generated.py",
        "background/_connected.py",
        "django/_django_engine.py",
        "mypy/codes.py",
        "testing/_isolate.py",
    ],
    "a result of a command, or what it left out, which is not a failure": [
        "cli/check/calls.py",
        "cli/check/command.py: no longer an error*",
        "cli/infer/*",
        "cli/main.py: Exit codes*",
        "cli/main.py: check the sends*",
        "cli/main.py: report what*",
        "cli/main.py: show who*",
        "cli/main.py: write what*",
        "cli/map/*",
        "cli/project/runs.py",
        "cli/schema/changes.py",
        "cli/survey/*",
        "django/management/commands/*",
    ],
    "one of many types and values that do not travel, of which one is shown; the reference of "
    "receivers in the background has a table": [
        "_shared/messages.py: declare *",
        "_shared/messages.py: is *",
        "_shared/messages.py: rename one of them",
        "_shared/messages.py: send a signal of your own*",
        "_shared/messages.py: would come back as str",
        "background/_codec/*",
        "background/_keys.py",
        "django/_model_references.py",
    ],
    "only from the plugin or the reader of declarations, beyond the ten most common; the reference "
    "of the plugin and the guide to declarations have them": [
        "_shared/messages.py: 'delivery' is never in*",
        "_shared/messages.py: {}, so it is never in*",
        "mypy/*",
    ],
    "one of several words for the same mistake, of which one is shown": [
        "_connect/identity.py: dispatch_uid must be comparable*",
        "_contract/rules.py: add 'cls'*",
        "_contract/rules.py: bind *",
        "_contract/rules.py: rename one of the two",
        "_contract/rules.py: {} is not always sent (it is an extra*",
        "_contract/rules.py: {} is required, but also bound*",
        "_declare/keys.py: {}: inspecting its declaration*",
        "_declare/payload.py: and {} more*",
        "_shared/messages.py: the engine {engine!r}*",
        "_shared/messages.py: {}; without Django*",
        "background/_celery.py",
        "background/_check.py",
        "django/_enqueue.py",
        "django/_senders.py",
        "django/_set_up.py",
        "testing/_matching.py",
    ],
    "only with one version of Python or of a package": [
        "_contract/rules.py: use a value instead*",  # functools.Placeholder
        "_declare/annotations.py",
        "_watch/on_blinker.py",
        "background/_django_tasks.py",
    ],
    "only for a receiver of blinker": [
        "_contract/rules.py: a send may pass*",
        "_contract/rules.py: it does not accept {}",
    ],
    "a file, a set-up or an object that is broken in a way that the message quotes": [
        "apps.py",
        "_contract/signatures.py",
        "_watch/class_swap.py",
        "_watch/scopes.py",
        "cli/check/baseline.py",
        "cli/check/command.py: *",
        "cli/check/mypy_run.py",
        "cli/check/process.py",
        "cli/output.py",
        "cli/project/*",
        "cli/schema/*",
        "django/_dispatcher.py",
        "django/_setting.py",
        "opentelemetry/*",
        "record/*",
        "sphinx/*",
    ],
}


def test_index_has_all_messages() -> None:
    text = INDEX.read_text("utf-8")
    assert text == with_messages(text), "run: python -m tests.troubleshooting.index"
    assert sorted(PAGES) == sorted(page.stem for page in FOLDER.glob("*.md") if page != INDEX)


def test_all_errors_are_shown() -> None:
    assert {name for name in exceptions.__all__ if name not in SHOWN} == {
        "ContractError",  # the bases of others
        "SignalError",
    }


def test_all_codes_are_shown() -> None:
    known = [*codes.BY_PROBLEM.values(), *vars(codes).values()]
    names = [each.code for each in known if getattr(each, "sub_code_of", None) is codes.ALL]
    assert len(names) == len(codes.BY_PROBLEM) + 10
    assert [name for name in names if f"[{name}]" not in SHOWN] == []


def test_all_messages_are_shown() -> None:
    patterns = [pattern for each in LEFT_OUT.values() for pattern in each]
    lines = SHOWN.casefold().splitlines()
    used = set()
    missing = []
    for message in messages():
        if message.is_in(lines):
            continue
        found = [
            pattern
            for pattern in patterns
            if fnmatchcase(f"{message.module}: {message.text}", pattern)
            or fnmatchcase(message.module, pattern)
        ]
        used.update(found)
        if not found:
            missing.append(message)
    assert missing == []
    assert used == set(patterns)
