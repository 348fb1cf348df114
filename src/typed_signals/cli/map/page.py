"""
The map as one HTML page, which loads nothing: it also opens without a network.

Browsers only run its own style and script, even if a name in the project were read as HTML.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Final

from typed_signals.cli.output import counted
from typed_signals.cli.survey.model import SendFact
from typed_signals.cli.survey.written_types import OBJECT, short_text

from .chart import MARKS
from .impact import UNCERTAIN, how_received, how_sent
from .markup import Html, tag
from .wording import (
    end_package,
    keys_text,
    notes_on,
    package_of,
    receiver_text,
    send_text,
    summary_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from typed_signals.cli.survey.model import Key

    from .chart import AnyEnd, Chart, Entry, Mark

_ALL: Final = "all"
_LACKING: Final[dict[str, Mark]] = {"Sends": "never sent", "Receivers": "no receivers"}
_SEPARATOR: Final = "\n"
"""Between the keys of an attribute."""


def page_html(chart: Chart, project: str) -> str:
    """
    Return the page.

    Args:
        chart: what it shows.
        project: the name of the project.
    """
    style, script = (_resource(name) for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"Signals of {project}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", style),
    )
    body = tag(
        "body",
        tag("a", "Skip to the signals", href="#signals", class_="skip"),
        tag(
            "header",
            tag("h1", title),
            tag("p", summary_of(chart), class_="facts"),
            *(tag("p", f"Problem: {each}", class_="lacking") for each in chart.problems),
            _filters(chart),
        ),
        tag("main", *_overview(chart), *_sections(chart), id="signals", tabindex="-1"),
        tag("script", script),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _resource(name: str) -> Html:
    return Html(files(__package__).joinpath(name).read_text("utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _filters(chart: Chart) -> Html:
    """
    Return the form, which the script shows.
    """
    packages = {package for entry in chart.entries for package in _packages(entry)}
    kinds = {entry.signal.kind for entry in chart.entries}
    return tag(
        "form",
        tag("label", "Search", tag("input", id="search", type="search"), class_="grow"),
        _choice("Package", "package", packages),
        _choice("Kind", "kind", kinds),
        tag(
            "fieldset",
            tag("legend", "Show only"),
            *(
                tag("label", tag("input", type="checkbox", value=mark), mark, class_="check")
                for mark in MARKS
            ),
        ),
        tag("button", "Open all", type="button", id="open"),
        tag("button", "Close all", type="button", id="close"),
        tag("output", id="count"),
        id="filters",
        role="search",
        hidden=True,
    )


def _choice(label: str, name: str, values: Iterable[str]) -> Html:
    options = [tag("option", _ALL, value=""), *(tag("option", each) for each in sorted(values))]
    return tag("label", label, tag("select", *options, id=name))


def _overview(chart: Chart) -> Iterator[Html]:
    """
    Yield a list of packages, each with the packages that receive its signals.
    """
    signals: dict[str, list[Entry]] = {}
    for entry in chart.entries:
        signals.setdefault(_package(entry), []).append(entry)
    if len({package for entry in chart.entries for package in _packages(entry)}) < 2:
        return
    rows = []
    for package, entries in sorted(signals.items()):
        receiving = Counter(end_package(end) for entry in entries for end in entry.receivers)
        rows.append(
            tag(
                "li",
                _package_button(package, package),
                tag("span", counted(len(entries), "signal"), class_="faint"),
                *(
                    _package_button(f"→ {other} ({count})", other)
                    for other, count in sorted(receiving.items())
                    if other != package
                ),
            )
        )
    yield tag(
        "details",
        tag("summary", "Packages, and those that receive their signals"),
        tag("ul", *rows, class_="packages"),
        class_="overview",
    )


def _package_button(text: str, package: str) -> Html:
    return tag("button", text, type="button", class_="to-package", value=package)


def _sections(chart: Chart) -> Iterator[Html]:
    """
    Yield the sections: the packages of the project, other packages, and what is not known.
    """

    def group(entry: Entry) -> tuple[bool, str]:
        return not entry.signal.in_project, _package(entry)

    for (_, package), entries in groupby(sorted(chart.entries, key=group), group):
        yield tag("section", tag("h2", package), *map(_signal, entries))
    unknown: list[AnyEnd] = [*chart.unknown_sends, *chart.unknown_receivers]
    if unknown:
        yield tag(
            "section",
            tag("h2", "Sends and receivers of unknown signals"),
            tag("ul", *map(_unknown, unknown)),
        )


def _signal(entry: Entry) -> Html:
    signal = entry.signal
    module, _, name = signal.fullname.rpartition(".")
    line = tag(
        "summary",
        tag(
            "h3",
            tag("span", *_breakable(f"{module}."), class_="faint"),
            *_breakable(name),
            class_="name",
        ),
        *(tag("span", mark, class_="mark") for mark in entry.marks),
        tag(
            "span",
            f"{counted(len(entry.sends), 'send')}, {counted(len(entry.receivers), 'receiver')}",
            class_="counts",
        ),
        _tip(entry.keys),
    )
    facts = [] if signal.place is None else [str(signal.place)]
    facts.append(signal.kind)
    if signal.sender not in (None, OBJECT):
        facts.append(f"sender: {short_text(signal.sender)}")
    body = tag(
        "div",
        tag("p", ", ".join(facts), class_="facts"),
        *([tag("p", signal.comment)] if signal.comment else []),
        tag(
            "div",
            _ends("Sends", entry.sends, entry),
            tag("div", class_="wire"),
            _payload(entry),
            tag("div", class_="wire"),
            _ends("Receivers", entry.receivers, entry),
            class_="flow",
        ),
        class_="body",
    )
    return tag(
        "details",
        line,
        body,
        id=signal.fullname,
        class_="signal" + " undeclared" * ("undeclared" in entry.marks),
        data_kind=signal.kind,
        data_marks=",".join(entry.marks),
        data_packages=" ".join(sorted(_packages(entry))),
    )


def _breakable(text: str) -> Iterator[str]:
    """
    Yield the parts of a name or a path, which may be in different lines.
    """
    for number, part in enumerate(re.split(r"(?<=[._/])(?=.)", text)):
        if number:
            yield tag("wbr")
        yield part


def _payload(entry: Entry) -> Html:
    keys = [
        tag(
            "button",
            keys_text({name: key}),
            type="button",
            class_="key",
            data_key=name,
            aria_pressed="false",
        )
        for name, key in entry.keys.items()
    ]
    heading = "Keys that are sent" if "undeclared" in entry.marks else "Payload"
    return tag(
        "div",
        tag("h4", heading),
        *(keys or [tag("span", "no keys", class_="faint")]),
        tag("output", class_="impact"),
        class_="payload",
    )


def _ends(title: str, ends: Sequence[AnyEnd], entry: Entry) -> Html:
    if ends:
        content = tag("ul", *(_end(end, entry) for end in ends), class_="ends")
    else:
        is_lacking = _LACKING[title] in entry.marks
        content = tag("p", "none", class_="lacking" if is_lacking else "faint")
    return tag("div", tag("h4", f"{title} ({len(ends)})"), content, class_=title.lower())


def _end(end: AnyEnd, entry: Entry) -> Html:
    how = {
        key: how_sent(end, key) if isinstance(end, SendFact) else how_received(end, key)
        for key in entry.keys
    }
    return tag(
        "li",
        *_end_content(end),
        class_="end",
        tabindex="0" if isinstance(end, SendFact) and end.keys else False,
        data_touched=_SEPARATOR.join(
            key for key, each in how.items() if each and each not in UNCERTAIN
        ),
        data_maybe=_SEPARATOR.join(key for key, each in how.items() if each in UNCERTAIN),
    )


def _unknown(end: AnyEnd) -> Html:
    word = "Send" if isinstance(end, SendFact) else "Receiver"
    return tag(
        "li",
        tag("strong", word),
        *_end_content(end),
        class_="unknown end",
        data_packages=end_package(end),
        data_kind="",
        data_marks="",
    )


def _end_content(end: AnyEnd) -> Iterator[Html]:
    if isinstance(end, SendFact):
        yield tag("code", send_text(end))
    else:
        yield tag("code", receiver_text(end))
    yield tag("code", *_breakable(str(end.place)), class_="place")
    if notes := ", ".join(notes_on(end)):
        yield tag("span", notes, class_="faint")
    if isinstance(end, SendFact) and end.keys:
        yield _tip(end.keys)


def _tip(keys: Mapping[str, Key]) -> Html:
    """
    Return the keys with their types, which are shown while the mouse or the focus is there.
    """
    lines = [tag("span", keys_text({name: key})) for name, key in keys.items()]
    return tag("span", *(lines or [tag("span", "no keys")]), class_="tip")


def _package(entry: Entry) -> str:
    return package_of(entry.signal.fullname, entry.signal.place)


def _packages(entry: Entry) -> set[str]:
    ends: list[AnyEnd] = [*entry.sends, *entry.receivers]
    return {_package(entry), *map(end_package, ends)}
