"""
What Django and installed packages connect themselves remains, and is not a leak.
"""

from __future__ import annotations

import gc
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.files.storage.memory import InMemoryStorage
from django.core.signals import request_finished, request_started, setting_changed
from django.db import close_old_connections
from django.db.models.signals import post_save
from django.template import Context, Engine
from django.test import Client, override_settings
from django.utils.functional import empty

from tests.support import unchecked
from typed_signals.testing import SignalSpy, isolate
from typed_signals.testing._isolate import Isolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def receive(**kwargs: Any) -> None: ...


@pytest.fixture
def no_storages(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let the storages be made at their next use.
    """
    monkeypatch.setattr(default_storage, "_wrapped", empty)
    monkeypatch.setattr(storages, "_storages", {})


def storages_heard() -> set[str]:
    found = [connected() for _, connected, *_ in setting_changed.receivers if callable(connected)]
    return {type(getattr(each, "__self__", None)).__name__ for each in found}


class OwnStorage(FileSystemStorage):
    """A storage of the project."""


@pytest.mark.parametrize(
    "storage", [FileSystemStorage, InMemoryStorage, StaticFilesStorage, OwnStorage]
)
def test_storage_that_is_made_in_a_block_is_told_of_settings(
    storage: type, no_storages: None, tmp_path: Path
) -> None:
    backend = f"{storage.__module__}.{storage.__qualname__}"
    changed = {"STORAGES": {"default": {"BACKEND": backend}}, "STATIC_ROOT": tmp_path / "static"}
    with Isolation() as isolation, override_settings(MEDIA_ROOT=tmp_path, **changed):
        assert default_storage.exists("nothing") is False
        assert isolation.close(must_collect=True) == []
        assert storage.__name__ in storages_heard()
        with override_settings(MEDIA_URL="https://media.example/", STATIC_URL="/other/"):
            assert default_storage.url("a").startswith(("https://media.example/", "/other/"))


def test_receiver_of_the_project_is_a_leak_even_if_a_package_connects_it() -> None:
    connect = unchecked(sys.modules["asgiref.sync"]).async_to_sync
    before = list(request_finished.receivers)

    async def connect_it() -> None:
        request_finished.connect(receive)

    with Isolation() as isolation:
        connect(connect_it)()
        thread = threading.Thread(target=request_started.connect, args=[receive])
        thread.start()
        thread.join()
        post_save.connect(receive, sender="shop.Pizza")
        left = isolation.close()
    assert [each.change.signal for each in left] == [request_finished, request_started, post_save]
    assert left[0].place.startswith(f"{__file__}:")
    assert left[2].place.startswith(f"{__file__}:")
    assert request_finished.receivers == before


def test_receiver_of_django_that_test_code_connects_is_undone() -> None:
    with isolate():
        post_save.connect(close_old_connections)
        assert request_finished.disconnect(close_old_connections)
    receivers = [connected() for _, connected, *_ in request_finished.receivers]
    assert close_old_connections in receivers
    assert close_old_connections not in [each() for _, each, *_ in post_save.receivers]


@pytest.fixture
def collections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    calls: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda *generation: calls.append(0))
    yield calls
    monkeypatch.undo()


def reconnected() -> None:
    assert post_save.disconnect(receive)
    post_save.connect(receive)


@pytest.mark.parametrize("use", [lambda: Client().get("/"), reconnected])
def test_garbage_is_not_collected_without_a_leak(
    use: Callable[[], object], collections: list[int]
) -> None:
    post_save.connect(receive)
    spy = SignalSpy()
    use()
    assert spy._close("test") is None
    assert collections == []
    spy = SignalSpy()
    request_started.connect(receive)
    assert spy._close("test") is not None
    assert collections == [0]
    assert post_save.disconnect(receive)


def test_rendering_static_files_connects_nothing_that_is_undone(no_storages: None) -> None:
    engine = Engine(libraries={"static": "django.templatetags.static"})
    template = engine.from_string("{% load static %}{% static 'a.css' %}")
    with Isolation() as isolation, override_settings(STATIC_URL="/static/"):
        assert template.render(Context()) == "/static/a.css"
        assert isolation.close() == []
