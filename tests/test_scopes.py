"""
Where a capture sees sends under pytest's plugins for async tests, as the table in
``docs/reference/testing.md`` says; ``tests/django/test_scopes.py`` has the other rows.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import asyncio
import contextlib

import pytest

from typed_signals import Signal
from typed_signals.testing import capture

order_placed = Signal()


def place():
    order_placed.send(None)


async def place_in_all_ways():
    place()
    await asyncio.create_task(order_placed.asend(None))
    await asyncio.to_thread(place)


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture
def of_fixture():
    with capture(order_placed) as sent:
        yield sent


@pytest.fixture
async def of_async_fixture():
    with capture(order_placed) as sent:
        yield sent


@pytest.fixture(scope="module")
def of_module():
    with capture(order_placed) as sent:
        yield sent


@pytest.mark.anyio
@pytest.mark.parametrize("count", [3, 6])
async def test_async(of_fixture, of_async_fixture, of_module, count):
    with capture(order_placed) as sent:
        await place_in_all_ways()
    assert len(sent) == len(of_fixture) == len(of_async_fixture) == 3
    assert len(of_module) == count


def test_sync(of_fixture, of_module):
    place()
    assert len(of_fixture) == 1
    assert len(of_module) == 7
"""


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["-p", "no:asyncio"], id="anyio"),
        pytest.param(
            [
                *("-p", "no:anyio", "-o", "markers=anyio"),
                *("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"),
            ],
            id="pytest-asyncio",
        ),
    ],
)
def test_fixtures_and_async_tests(tmp_path: Path, options: list[str]) -> None:
    tests = tmp_path / "test_orders.py"
    tests.write_text(TESTS, "utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django"),
            *("-W", "error", f"--rootdir={tmp_path}", *options, str(tests)),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "3 passed" in ran.stdout, ran.stdout
