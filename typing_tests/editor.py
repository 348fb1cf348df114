"""
The information in an editor: language servers with the requests of an editor.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from .checkers import BIN

if TYPE_CHECKING:
    from cattrs import Converter

_SOURCE = """\
from typing import NotRequired, TypedDict, Unpack

from typed_signals import Signal


class PizzaStore: ...


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


@Signal.declare
def pizza_done(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
    '''A pizza left the oven.'''


@Signal.declare
def pizza_burnt(sender: type[PizzaStore], *, minutes: int) -> object:
    '''A pizza stayed in the oven for too long.'''


pizza_sold = Signal[type[PizzaStore], PizzaDone]()

pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_burnt.send(PizzaStore, minutes=45)
pizza_sold.send(PizzaStore, toppings=["ham"], size=32)
"""

# That of basedpyright is pyright's, and comes with Node.js.
SERVERS = {
    "basedpyright": ["basedpyright-langserver", "--stdio"],
    "ty": ["ty", "server"],
    "pyrefly": ["pyrefly", "lsp"],
    "zuban": ["zuban", "server"],
}


class Request(NamedTuple):
    """
    What an editor asks a server, and what it should show.
    """

    row: str
    """Where the docs say which servers show it."""

    method: str

    place: str
    """A line of the source, with the cursor (the bar); for completions, what is appended."""

    wanted: list[str]

    missed_by: frozenset[str] = frozenset()


_COMPLETE = "Completes the keys in `send(`, if the declaration is a function"
_COMPLETE_TYPED_DICT = "Completes them in `send(**PizzaDone(`"
_COMPLETE_KWARGS = "Completes them in `kwargs[` of a receiver with `**kwargs: Unpack[PizzaDone]`"
_SIGNATURE = "Shows the keys and their types while a call is written"
_HOVER_SEND = "Shows them at `send`"
_HOVER_SIGNAL = "Shows the TypedDict, or the keywords of a function, at the signal"
_HOVER_DOCS = "Shows the docstring of a function at the signal"
_RECEIVER = "def bake_log(sender: object, **kwargs: Unpack[PizzaDone]) -> None:\n    kwargs["

REQUESTS = [
    Request(_COMPLETE, "completion", "pizza_burnt.asend_robust(PizzaStore, mi", ["minutes="]),
    Request(
        *(_COMPLETE, "completion", "pizza_done.send("),
        ["sender=", "toppings=", "size=", "note="],
        frozenset({"zuban"}),
    ),
    Request(
        _COMPLETE, "completion", "pizza_done.send(sender=PizzaStore, toppings=[], s", ["size="]
    ),
    Request(
        *(_COMPLETE_TYPED_DICT, "completion", "pizza_sold.send(sender=PizzaStore, **PizzaDone("),
        ["toppings=", "size=", "note="],
        frozenset({"pyrefly", "zuban"}),
    ),
    Request(
        *(_COMPLETE_KWARGS, "completion", f"{_RECEIVER}'"),
        ["toppings", "size", "note"],
        frozenset({"ty", "zuban"}),
    ),
    Request(
        *(_SIGNATURE, "signature_help", "pizza_done.send(|"),
        ["toppings: list[str]", "size: int", "note: str"],
        frozenset({"pyrefly"}),
    ),
    Request(
        *(_SIGNATURE, "signature_help", "pizza_burnt.send(|"),
        ["sender: type[PizzaStore]", "minutes: int"],
    ),
    Request(
        *(_HOVER_SEND, "hover", "pizza_done.se|nd("),
        ["sender: type[PizzaStore]", "toppings: list[str]", "size: int", "note: str"],
        frozenset({"basedpyright"}),
    ),
    Request(
        *(_HOVER_SEND, "hover", "pizza_burnt.se|nd("),
        ["sender: type[PizzaStore]", "minutes: int"],
    ),
    Request(_HOVER_SIGNAL, "hover", "pizza_burnt|.send(", ["minutes: int"]),
    Request(_HOVER_SIGNAL, "hover", "pizza_sold|.send(", ["type[PizzaStore], PizzaDone"]),
    Request(
        *(_HOVER_DOCS, "hover", "pizza_burnt|.send("),
        ["A pizza stayed in the oven"],
        frozenset({"zuban"}),
    ),
]


def problems() -> list[str]:
    """
    Return what servers do not show although they should, or show although they should not.
    """
    return asyncio.run(_problems())


async def _problems() -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder).resolve()  # noqa: ASYNC240 - nothing else runs yet
        # There is no answer at all if the client cannot read it.
        async with asyncio.timeout(300):
            found = await asyncio.gather(*(_problems_of(server, path) for server in SERVERS))
    return [problem for problems in found for problem in problems]


async def _problems_of(server: str, folder: Path) -> list[str]:
    found: list[str] = []
    client = await _start(server, folder)
    for request in REQUESTS:
        shown = await _answer(client, request, folder)
        is_complete = all(text in shown for text in request.wanted)
        if is_complete is (server in request.missed_by):
            does = "shows" if is_complete else "does not show"
            wanted = ", ".join(request.wanted)
            found.append(f"{server} {does} {wanted} at {request.place}: {str(shown)[:500]}")
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return found


async def _answer(client: LanguageClient, request: Request, folder: Path) -> str | list[str]:
    """
    Return the text that is shown, or the labels of completions.
    """
    appended = request.place if request.method == "completion" else ""
    name = f"shop_{REQUESTS.index(request)}.py"
    file = _open(client, folder / name, _SOURCE + appended)
    if request.method == "completion":
        rows = appended.split("\n")
        end = lsp.Position(_SOURCE.count("\n") + len(rows) - 1, len(rows[-1]))
        offered = await client.text_document_completion_async(lsp.CompletionParams(file, end))
        items = offered.items if isinstance(offered, lsp.CompletionList) else offered or []
        return [item.label.strip("\"'") for item in items]
    position = _position(request.place)
    answer: object
    if request.method == "hover":
        answer = await client.text_document_hover_async(lsp.HoverParams(file, position))
    else:
        asked = lsp.SignatureHelpParams(file, position)
        answer = await client.text_document_signature_help_async(asked)
    # pyrefly aligns the colons.
    return re.sub(r" +:", ":", str(answer))


def _converter() -> Converter:
    """
    Return what reads messages. lsprotocol cannot read what ty and pyrefly say about notebooks.
    """
    converter = default_converter()
    notebooks = lsp.NotebookDocumentFilterWithNotebook | lsp.NotebookDocumentFilterWithCells
    converter.register_structure_hook(notebooks, lambda _value, _type: None)
    return converter


async def _start(server: str, folder: Path) -> LanguageClient:
    def configure(params: lsp.ConfigurationParams) -> list[dict[str, str]]:
        return [{"pythonPath": sys.executable} for _ in params.items]

    # It warns about each message to the user.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    client = LanguageClient("typing_tests", "1", converter_factory=_converter)
    client.feature(lsp.WORKSPACE_CONFIGURATION)(configure)
    program, *arguments = SERVERS[server]
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
    await client.start_io(str(BIN / program), *arguments, cwd=str(folder), env=environment)
    workspace = lsp.WorkspaceClientCapabilities(configuration=True)
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(workspace=workspace),
            root_uri=folder.as_uri(),
            workspace_folders=[lsp.WorkspaceFolder(folder.as_uri(), "shop")],
        )
    )
    client.initialized(lsp.InitializedParams())
    return client


def _open(client: LanguageClient, file: Path, text: str) -> lsp.TextDocumentIdentifier:
    document = lsp.TextDocumentItem(file.as_uri(), lsp.LanguageKind.Python, 1, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
    return lsp.TextDocumentIdentifier(document.uri)


def _position(place: str) -> lsp.Position:
    before, _, after = place.partition("|")
    lines = _SOURCE.splitlines()
    (number,) = (number for number, line in enumerate(lines) if before + after in line)
    return lsp.Position(number, lines[number].index(before + after) + len(before))
