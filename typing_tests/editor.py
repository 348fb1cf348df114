"""
The information in an editor: a language server with the requests of an editor.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from .checkers import BIN

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


pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_burnt.send(PizzaStore, minutes=45)
"""

# The position of the cursor (the bar), and the expected hover text.
_HOVERS = {
    "pizza_done.se|nd(": ["sender: type[PizzaStore]", "**PizzaDone"],
    "pizza_burnt.se|nd(": ["sender: type[PizzaStore]", "minutes: int"],
    "pizza_burnt|.send(": ["A pizza stayed in the oven", "minutes: int"],
}
_SIGNATURES = {
    "pizza_done.send(|": ["toppings: list[str]", "size: int", "note: str"],
    "pizza_burnt.send(|": ["sender: type[PizzaStore]", "minutes: int"],
}
# The end of a file that is being written, and the expected completions.
_COMPLETIONS = {
    "pizza_done.send(": ["sender=", "toppings=", "size=", "note="],
    "pizza_done.send(sender=PizzaStore, toppings=[], s": ["size="],
    "pizza_burnt.asend_robust(PizzaStore, mi": ["minutes="],
}


def problems() -> list[str]:
    """
    Return the expected information about a declared signal that an editor does not show.
    """
    with TemporaryDirectory() as folder:
        return asyncio.run(_problems(Path(folder).resolve()))


async def _problems(folder: Path) -> list[str]:
    found: list[str] = []

    def compare(what: str, place: str, wanted: list[str], shown: object) -> None:
        found.extend(
            f"{what} at {place} lacks {text}: {shown}" for text in wanted if text not in str(shown)
        )

    client = await _start(folder)
    shop = _open(client, folder / "shop.py", _SOURCE)
    for place, wanted in _HOVERS.items():
        hover = lsp.HoverParams(shop, _position(place))
        compare("hover", place, wanted, await client.text_document_hover_async(hover))
    for place, wanted in _SIGNATURES.items():
        call = lsp.SignatureHelpParams(shop, _position(place))
        compare("signature", place, wanted, await client.text_document_signature_help_async(call))
    for number, (written, wanted) in enumerate(_COMPLETIONS.items()):
        file = _open(client, folder / f"written_{number}.py", _SOURCE + written)
        end = lsp.Position(_SOURCE.count("\n"), len(written))
        offered = await client.text_document_completion_async(lsp.CompletionParams(file, end))
        items = offered.items if isinstance(offered, lsp.CompletionList) else offered or []
        compare("completion", written, wanted, [item.label for item in items])
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return found


async def _start(folder: Path) -> LanguageClient:
    """
    Start basedpyright's language server, which is pyright's and comes with Node.js.
    """

    def configure(params: lsp.ConfigurationParams) -> list[dict[str, str]]:
        return [{"pythonPath": sys.executable} for _ in params.items]

    # It warns about each message to the user.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    client = LanguageClient("typing_tests", "1")
    client.feature(lsp.WORKSPACE_CONFIGURATION)(configure)
    await client.start_io(str(BIN / "basedpyright-langserver"), "--stdio")
    workspace = lsp.WorkspaceClientCapabilities(configuration=True)
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(workspace=workspace),
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
