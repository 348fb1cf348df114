"""
The servers for the tests of engines. Each is started once, and all in use at the same time.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.background.engines.servers import (
    MissingServerError,
    PostgreSQL,
    RabbitMQ,
    Redis,
    Server,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ServerT = TypeVar("ServerT", bound=Server)

KINDS: dict[str, type[Server]] = {
    "redis_url": Redis,
    "rabbitmq_url": RabbitMQ,
    "postgres_dsn": PostgreSQL,
}


@pytest.fixture(scope="session")
def _servers(request: pytest.FixtureRequest) -> Iterator[Mapping[type[Server], Server]]:
    """
    Launch the servers that any test uses, and stop them after all tests.
    """
    used = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ExitStack() as at_end:
        folder = Path(at_end.enter_context(TemporaryDirectory(prefix="typed-signals-servers-")))
        folder.chmod(0o711)  # for servers of another user
        servers = {}
        for kind in (KINDS[name] for name in KINDS if name in used):
            own = folder / kind.__name__
            own.mkdir()
            servers[kind] = server = kind(own)
            at_end.callback(server.stop)
            with suppress(MissingServerError):  # the tests that use it fail
                server.launch()
        yield servers


def _started(server: ServerT) -> ServerT:
    try:
        server.start()
    except MissingServerError as missing:
        pytest.fail(str(missing), pytrace=False)
    return server


@pytest.fixture(scope="session")
def redis_url(_servers: Mapping[type[Redis], Redis]) -> Redis:
    return _started(_servers[Redis])


@pytest.fixture(scope="session")
def rabbitmq_url(_servers: Mapping[type[RabbitMQ], RabbitMQ]) -> RabbitMQ:
    return _started(_servers[RabbitMQ])


@pytest.fixture(scope="session")
def postgres_dsn(_servers: Mapping[type[PostgreSQL], PostgreSQL]) -> PostgreSQL:
    return _started(_servers[PostgreSQL])
