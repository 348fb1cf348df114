"""
``manage.py list_signals``: list signals, their payloads and receivers, and where the code is.
"""

from __future__ import annotations

import json
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django.db.models.base import ModelBase

from typed_signals._connect.connection import UNKNOWN_SENDER, Deferral
from typed_signals._declare.payload import UNDECLARED
from typed_signals._shared.callables import receiver_module, receiver_name, receiver_place
from typed_signals._shared.messages import listed, shown, suggest
from typed_signals._watch.by_name import is_meant
from typed_signals.django._builtin_payloads import payload_of, types_of
from typed_signals.django._find_signals import find_signals
from typed_signals.django._live_connections import connections_of
from typed_signals.exceptions import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.core.management.base import CommandParser

    from typed_signals._connect.connection import Connection

ALL_SENDERS: Final = "any"

_PATTERN: Final = "a name, the end of a name, or a pattern like shop.*"


class Command(BaseCommand):
    """
    The command.
    """

    help = (
        "Lists signals, their payloads and their receivers: of Django's signals, yours, and those "
        "of other packages."
    )
    # It helps to find the problems that the checks report.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """
        Add the filters and the options.
        """
        parser.add_argument("signals", nargs="*", help=f"Only these signals: {_PATTERN}.")
        parser.add_argument(
            "--receiver",
            action="append",
            metavar="PATTERN",
            default=[],
            help=f"Only these receivers: {_PATTERN}. May be repeated.",
        )
        parser.add_argument(
            "--app",
            action="append",
            metavar="LABEL",
            default=[],
            help="Only receivers that this app defines. May be repeated.",
        )
        parser.add_argument(
            "--sender",
            action="append",
            metavar="PATTERN",
            default=[],
            help=f"Only receivers connected to these senders: {_PATTERN}, the label of a model, or "
            f"{ALL_SENDERS!r} for receivers connected to all senders. May be repeated.",
        )
        parser.add_argument(
            "--django",
            action="store_true",
            help="Also list receivers that Django defines; --receiver and --app do it as well.",
        )
        parser.add_argument(
            "--all", action="store_true", help="Also list signals without receivers."
        )
        parser.add_argument(
            "--format",
            choices=("text", "json", "markdown"),
            default="text",
            help="The format: text (default), JSON with all details, or a table in Markdown of the "
            "signals with a declared payload.",
        )
        parser.add_argument(
            "--check",
            metavar="FILE",
            help="Only compare FILE with the table, and fail if it differs.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """
        Write the list.

        Raises:
            CommandError: a filter matches nothing, there is no such app, or the file to check
                differs.
        """
        if options["check"] is not None and options["format"] != "markdown":
            raise CommandError("--check compares a table: add --format markdown")
        live = list(connections_of(find_signals()))  # which keeps their receivers alive
        connected = [
            (name, signal, [listed.connection for listed in connections])
            for name, signal, connections in live
        ]
        everything = [each for _, _, connections in connected for each in connections]
        is_wanted = _receiver_filter(options, everything)
        _check_patterns("signal", options["signals"], [[name] for name, *_ in connected], "--all")
        connected = [entry for entry in connected if _is_in([entry[0]], options["signals"])]
        hides_djangos = not (options["django"] or options["receiver"] or options["app"])
        is_filtered = any(options[name] for name in ("receiver", "app", "sender"))
        hidden = 0
        found = []
        for name, signal, connections in connected:
            receivers = list(filter(is_wanted, connections))
            if hides_djangos:
                before = len(receivers)
                receivers = [each for each in receivers if not _is_djangos(each)]
                hidden += before - len(receivers)
            # Receivers that a filter leaves out are there nevertheless.
            if receivers or (options["all"] and not (is_filtered and connections)):
                found.append((name, _payload(signal), [_facts(each) for each in receivers]))
        if options["format"] == "json":
            document = [
                {"signal": name, "payload": payload, "receivers": receivers}
                for name, payload, receivers in found
            ]
            self.stdout.write(json.dumps(document, indent=2))
        elif options["format"] == "markdown":
            table = "\n".join(_table(found))
            if options["check"] is None:
                self.stdout.write(table)
            else:
                _compare(Path(options["check"]), table)
        else:
            has_receivers = any(connections for _, _, connections in connected)
            self._write_text(found, hidden, has_receivers=has_receivers)

    def _write_text(
        self,
        found: list[tuple[str, dict[str, Any] | None, list[dict[str, Any]]]],
        hidden: int,
        *,
        has_receivers: bool,
    ) -> None:
        """
        Write the signals that were *found*, and how many receivers are *hidden*.
        """
        for entry in found:
            for line in self._lines(*entry):
                self.stdout.write(line)
        if hidden:
            self.stdout.write(
                f"Receivers of Django are not listed ({hidden}). Use --django to list them."
            )
        elif not found and has_receivers:
            self.stdout.write("No receivers match all of these filters.")
        elif not found:
            self.stdout.write(
                "No receivers are connected. Use --all to list signals without receivers."
            )

    def _lines(
        self, name: str, payload: dict[str, Any] | None, receivers: list[dict[str, Any]]
    ) -> Iterator[str]:
        """
        Yield the lines about one signal, which fit the terminal.
        """
        [first, *others] = _wrapped(_head(name, payload), "")
        # Only now, because colours have no width.
        yield first.replace(name, self.style.MIGRATE_HEADING(name), 1)
        yield from others
        for facts in receivers:
            yield from _wrapped(_words(facts), "  ")


def _receiver_filter(
    options: dict[str, Any], connections: list[Connection]
) -> Callable[[Connection], bool]:
    """
    Return a function that returns whether a connection is one that the *options* ask for.
    """
    receivers, senders, labels = options["receiver"], options["sender"], options["app"]
    _check_patterns("receiver", receivers, map(_names_of_receiver, connections), "--django")
    names_of_senders = [[ALL_SENDERS], *map(_names_of_sender, connections)]
    _check_patterns("sender", senders, names_of_senders, "--django")
    try:
        configs = [apps.get_app_config(label) for label in labels]
    except LookupError as error:
        raise CommandError(str(error)) from error

    def is_wanted(connection: Connection) -> bool:
        module = receiver_module(connection.receiver)
        return (
            _is_in(_names_of_receiver(connection), receivers)
            and _is_in(_names_of_sender(connection), senders)
            and (not configs or apps.get_containing_app_config(module) in configs)
        )

    return is_wanted


def _check_patterns(
    what: str, patterns: Sequence[str], names_of_each: Iterable[list[str]], option: str
) -> None:
    """
    Raise an error if one of the *patterns* matches nothing.

    Args:
        what: the kind of what has the names.
        patterns: the patterns.
        names_of_each: the names of each.
        option: the option that lists all of them.

    Raises:
        CommandError: a pattern matches nothing.
    """
    known = list(names_of_each) if patterns else []
    for pattern in patterns:
        if not any(_is_in(names, [pattern]) for names in known):
            last_parts = [name.rpartition(".")[2] for names in known for name in names]
            meant = suggest(pattern.rpartition(".")[2], last_parts)
            lists_all = f"list_signals {option} lists all {what}s"
            problem = f"No {what} matches {pattern!r} in the imported modules"
            if meant:
                raise CommandError(f"{problem}: did you mean {meant!r}?")
            if names := sorted({name for names in known for name in names}):
                problem += f", which have {listed(names)}"
            raise CommandError(f"{problem}: {lists_all}")


def _is_in(names: list[str], patterns: Sequence[str]) -> bool:
    """
    Return whether one of the *names* matches one of the *patterns*; True without patterns.
    """
    return not patterns or any(is_meant(name, pattern) for name in names for pattern in patterns)


def _names_of_receiver(connection: Connection) -> list[str]:
    return [receiver_name(connection.receiver)]


def _names_of_sender(connection: Connection) -> list[str]:
    sender = connection.sender
    names = [_shown_sender(sender) or ALL_SENDERS]
    # Use the type, because a lazy object is loaded when its class is read.
    if issubclass(type(sender), ModelBase) and sender is not Model:
        names.append(sender._meta.label)
    return names


def _is_djangos(connection: Connection) -> bool:
    return receiver_module(connection.receiver).partition(".")[0] == "django"


def _payload(signal: Any) -> dict[str, Any] | None:
    """
    Return the keys of the payload of *signal* for JSON; None if no valid declaration is known.
    """
    try:
        payload, types = payload_of(signal), types_of(signal)
    except DeclarationError:  # the system check reports it
        return None
    if payload is UNDECLARED:
        return None
    return {
        "keys": {
            key: {"type": text, "required": key in payload.required_keys}
            for key, text in types.items()
            if key in payload.keys  # this version of Django may not send it
        },
        "open": payload.open,
    }


def _head(name: str, payload: dict[str, Any] | None) -> list[str]:
    """
    Return a signal and its *payload* like a function, with a default for optional keys, in parts.
    """
    keys = [
        key
        + (f": {stated['type']}" if stated["type"] else "")
        + " = ..." * (not stated["required"])
        for key, stated in (payload["keys"].items() if payload else ())
    ]
    if payload is None or payload["open"]:
        keys.append("**kwargs")
    first, *others = _separated(keys) or [""]
    parts = [f"{name}({first}", *others]
    parts[-1] += ")"
    return parts


def _table(found: list[tuple[str, dict[str, Any] | None, list[dict[str, Any]]]]) -> Iterator[str]:
    """
    Yield the lines of a table of the signals with a payload. It has no places in the code, because
    these change often.
    """
    yield "| signal | keys | receivers |"
    yield "|---|---|---|"
    for name, payload, receivers in found:
        if payload is not None:
            keys, called = _cell(_keys_in_table(payload)), _cell(map(_in_table, receivers))
            yield f"| `{name}` | {keys} | {called} |"


def _cell(items: Iterable[str]) -> str:
    # GitHub and Sphinx read this as one character, also in code.
    return "<br>".join(item.replace("|", "\\|") for item in items)


def _keys_in_table(payload: dict[str, Any]) -> Iterator[str]:
    for key, stated in payload["keys"].items():
        code = f"`{key}: {stated['type']}`" if stated["type"] else f"`{key}`"
        yield code if stated["required"] else f"{code} (optional)"
    if payload["open"]:
        yield "others"


def _in_table(facts: dict[str, Any]) -> str:
    shown_facts = facts | {"file": None, "dispatch_uid": None, "weak": True}
    return f"`{' '.join(_words(shown_facts))}`"


def _compare(path: Path, table: str) -> None:
    """
    Raise an error if *path* does not contain just the *table*.

    Raises:
        CommandError: it does not, or cannot be read.
    """
    fix = f"write it with the same options without --check, and > {path}"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read ({error}): {fix}") from error
    if text.rstrip("\n") != table:
        raise CommandError(f"{path} differs from the signals and receivers of the project: {fix}")


def _facts(connection: Connection) -> dict[str, Any]:
    """
    Return the data of *connection* for JSON.
    """
    file, _, line = (receiver_place(connection.receiver) or "").rpartition(":")
    uid, deferral = connection.dispatch_uid, connection.deferral
    return {
        "receiver": receiver_name(connection.receiver),
        "file": file or None,
        "line": int(line) if line else None,
        "sender": _shown_sender(connection.sender),
        "dispatch_uid": uid if uid is None or issubclass(type(uid), str) else shown(uid),
        "weak": connection.weak,
        "async": connection.is_async,
        "on_commit": deferral is not None and deferral.on_commit,
        "background": _facts_in_background(deferral),
    }


def _facts_in_background(deferral: Deferral | None) -> dict[str, Any] | None:
    if deferral is None or not deferral.in_background:
        return None
    return {
        "engine": deferral.engine,
        "queue": deferral.queue,
        "priority": deferral.priority,
    }


def _shown_sender(sender: Any) -> str | None:
    if sender is None:
        return None
    if sender is UNKNOWN_SENDER:
        return "unknown"
    # Use the type, because a lazy object is loaded when its class is read.
    return receiver_name(sender) if issubclass(type(sender), type) else shown(sender)


def _words(facts: dict[str, Any]) -> list[str]:
    """
    Return the receiver and its place, and what is not the default of ``connect``, in parts.
    """
    place = f"({_relative(facts['file'])}:{facts['line']})" if facts["file"] else ""
    words = [place or facts["receiver"]]
    words += [
        f"{name}={facts[name]}" for name in ("sender", "dispatch_uid") if facts[name] is not None
    ]
    if not facts["weak"]:
        words.append("weak=False")
    if facts["async"]:
        words.append("async")
    if facts["background"]:
        words.append(str(Deferral(facts["on_commit"], in_background=True, **facts["background"])))
    elif facts["on_commit"]:
        words.append("on_commit")
    return [*([facts["receiver"]] if place else []), *_separated(words)]


def _separated(words: list[str]) -> list[str]:
    return [*(f"{word}," for word in words[:-1]), *words[-1:]]


def _relative(file: str) -> str:
    """
    Return *file* relative to the current directory, if it is inside.
    """
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file


def _wrapped(parts: list[str], indent: str) -> list[str]:
    """
    Return the lines of *parts* with this indent, which fit the terminal.

    A longer part, such as a path or a type, is not broken, so that it can be copied.
    """
    width = get_terminal_size().columns
    [first, *others] = parts
    lines = [indent + first]
    for part in others:
        if len(lines[-1]) + 1 + len(part) <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(f"{indent}    {part}")
    return lines
