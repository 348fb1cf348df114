"""
What an editor shows: a language server, asked as an editor asks it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, cast

from .checkers import BIN

if TYPE_CHECKING:
    from collections.abc import Iterator

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

# Where the cursor, which is the bar, stands on something, and what is shown of that.
_HOVERS = {
    "pizza_done.se|nd(": ["sender: type[PizzaStore]", "**PizzaDone"],
    "pizza_burnt.se|nd(": ["sender: type[PizzaStore]", "minutes: int"],
    "pizza_burnt|.send(": ["A pizza stayed in the oven", "minutes: int"],
}
_SIGNATURES = {
    "pizza_done.send(|": ["toppings: list[str]", "size: int", "note: str"],
    "pizza_burnt.send(|": ["sender: type[PizzaStore]", "minutes: int"],
}
# What stands at the end of the file while it is being written, and what is offered next.
_COMPLETIONS = {
    "pizza_done.send(": ["sender=", "toppings=", "size=", "note="],
    "pizza_done.send(sender=PizzaStore, toppings=[], s": ["size="],
    "pizza_burnt.asend_robust(PizzaStore, mi": ["minutes="],
}


class LanguageServer:
    """
    basedpyright's language server, which is pyright's and comes with Node.js.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [str(BIN / "basedpyright-langserver"), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": "shop"}],
                "capabilities": {"workspace": {"configuration": True}},
            },
        )
        self._tell("initialized", {})

    def open(self, name: str, text: str) -> str:
        """
        Open a file in the editor and return its address.
        """
        uri = (self._folder / name).as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """
        Return the answer to a request.
        """
        self._count += 1
        self._write({"id": self._count, "method": method, "params": params})
        while True:
            message = self._read()
            if "method" in message:
                if "id" in message:  # the server asks the editor for its settings
                    items = message.get("params", {}).get("items", [])
                    settings = [{"pythonPath": sys.executable} for _ in items]
                    self._write({"id": message["id"], "result": settings})
            elif message["id"] == self._count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def close(self) -> None:
        """
        End the server.
        """
        self._process.kill()
        self._process.communicate()

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._write({"method": method, "params": params})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = cast("IO[bytes]", self._process.stdin)
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        stream.flush()

    def _read(self) -> dict[str, Any]:
        stream = cast("IO[bytes]", self._process.stdout)
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise RuntimeError("the language server has ended")
        return cast("dict[str, Any]", json.loads(stream.read(length)))


@contextmanager
def _language_server() -> Iterator[LanguageServer]:
    with TemporaryDirectory() as folder:
        server = LanguageServer(Path(folder).resolve())
        try:
            yield server
        finally:
            server.close()


def problems() -> list[str]:
    """
    Return what an editor should show of a declared signal and does not.
    """
    found: list[str] = []

    def compare(what: str, place: str, wanted: list[str], shown: str) -> None:
        found.extend(
            f"{what} at {place} lacks {text}: {shown}" for text in wanted if text not in shown
        )

    with _language_server() as server:
        uri = server.open("shop.py", _SOURCE)
        for place, wanted in _HOVERS.items():
            shown = server.ask("textDocument/hover", _position(uri, place))
            compare("hover", place, wanted, str(shown))
        for place, wanted in _SIGNATURES.items():
            shown = server.ask("textDocument/signatureHelp", _position(uri, place))
            compare("signature", place, wanted, str(shown))
        for number, (written, wanted) in enumerate(_COMPLETIONS.items()):
            lines = f"{_SOURCE}{written}".splitlines()
            uri = server.open(f"written_{number}.py", "\n".join(lines))
            position = {"line": len(lines) - 1, "character": len(lines[-1])}
            where = {"textDocument": {"uri": uri}, "position": position}
            offered = server.ask("textDocument/completion", where)
            compare(
                "completion", written, wanted, str([item["label"] for item in offered["items"]])
            )
    return found


def _position(uri: str, place: str) -> dict[str, Any]:
    before, _, after = place.partition("|")
    for number, line in enumerate(_SOURCE.splitlines()):
        if (start := line.find(before + after)) >= 0:
            position = {"line": number, "character": start + len(before)}
            return {"textDocument": {"uri": uri}, "position": position}
    raise ValueError(f"there is no {place}")
