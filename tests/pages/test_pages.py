"""
Each page that leads its reader through a task does what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.markdown import ROOT, Block, read_blocks
from tests.pages.reader import Reader, is_shown

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pages

# Other pages have a test of their own, which has their path.
TESTED_ELSEWHERE: Final = {
    "docs/howto/background.md": "tests/background/engines/test_celery_howto.py",
    "docs/howto/celery.md": "tests/background/engines/test_celery_howto.py",
    "docs/howto/engine.md": "tests/background/engines/test_engine_docs.py",
    "docs/howto/gradual.md": "tests/test_gradual.py",
    "docs/howto/sphinx.md": "tests/test_sphinx.py",
    "docs/troubleshooting/background.md": "tests/troubleshooting/test_in_python.py",
    "docs/troubleshooting/check.md": "tests/django/test_troubleshooting.py",
    "docs/troubleshooting/commands.md": "tests/troubleshooting/test_in_shell.py",
    "docs/troubleshooting/connect.md": "tests/troubleshooting/test_in_python.py",
    "docs/troubleshooting/declarations.md": "tests/troubleshooting/test_in_python.py",
    "docs/troubleshooting/mypy.md": "tests/troubleshooting/test_in_mypy.py",
    "docs/troubleshooting/no-message.md": "tests/troubleshooting/test_without_message.py",
    "docs/troubleshooting/send.md": "tests/troubleshooting/test_in_python.py",
    "docs/troubleshooting/tests.md": "tests/troubleshooting/test_in_python.py",
    "docs/troubleshooting/worker.md": "tests/troubleshooting/test_in_worker.py",
}
PAGES: Final = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("explanation", "howto", "troubleshooting", "tutorial", ".")
    for path in (ROOT / "docs" / folder).glob("*.md")
)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in TESTED_ELSEWHERE])
def test_page_can_be_followed(tmp_path: Path, page: str) -> None:
    Reader(tmp_path).follow(page)


@pytest.mark.parametrize(("page", "test"), TESTED_ELSEWHERE.items())
def test_other_pages_have_a_test(page: str, test: str) -> None:
    if read_blocks(page):
        assert f'"{page}"' in (ROOT / test).read_text("utf-8")


def test_output_is_compared() -> None:
    assert is_shown("1\n2\n3\n", "1\n...\n3\n")
    assert is_shown("1\n3\n", "1\n...\n3")
    assert not is_shown("1\n2\n4\n", "1\n...\n3\n")
    assert not is_shown("1\n2\n", "1\n")
    assert is_shown("1 passed in 0.02s\n", "1 passed in 1.30s\n")


def test_changed_modules_are_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    reader = Reader(tmp_path)
    reader.write("main.py", "", "import shop\n")
    for number in range(3):
        reader.write("shop.py", "", f"print({number})\n")
        reader.run("python main.py", f"{number}\n")


def test_mistakes_on_a_page_are_found(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.write("shop.py", "", "print(1)\n")
    reader.run("python shop.py", "1\n")
    with pytest.raises(AssertionError, match="instead of"):
        reader.run("python shop.py", "2\n")
    with pytest.raises(AssertionError, match=r"python gone\.py"):
        reader.run("python gone.py", "")
    with pytest.raises(AssertionError, match="extra"):
        reader.run("pip install typed-signals[extra]", "")
    with pytest.raises(AssertionError, match="not there"):
        reader.write("gone.py", ", added", "")
    with pytest.raises(AssertionError, match="nothing checks"):
        reader.read(Block("Section", "text", "2\n"))
    reader.program = ["print(2)\n"]
    with pytest.raises(AssertionError, match="not shown: 2"):
        reader.run_program()
