"""
The servers for tests keep their data and their port, and never outlive the tests.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from socket import create_connection, socket
from textwrap import dedent
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis
from kombu import Connection

from tests.background.engines.servers import (
    LOOPBACK,
    MissingServerError,
    PostgreSQL,
    RabbitMQ,
    Redis,
    find_program,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_redis_keeps_its_data(redis_url: Redis) -> None:
    with redis.Redis.from_url(redis_url.url) as client:
        client.set("kept", "yes")
    redis_url.restart()
    with redis.Redis.from_url(redis_url.url) as client:
        assert client.getdel("kept") == b"yes"


def test_rabbitmq_keeps_durable_queues(rabbitmq_url: RabbitMQ) -> None:
    with Connection(rabbitmq_url.url) as connection, connection.SimpleQueue("kept") as queue:
        queue.put("message")
    rabbitmq_url.restart()
    with Connection(rabbitmq_url.url) as connection, connection.SimpleQueue("kept") as queue:
        message = queue.get(timeout=30)
        assert message.payload == "message"
        message.ack()


def test_postgresql_keeps_its_data(postgres_dsn: PostgreSQL) -> None:
    with psycopg.connect(postgres_dsn.url) as connection:
        connection.execute("create table kept as select 1 as number")
    postgres_dsn.restart()
    with psycopg.connect(postgres_dsn.url) as connection:
        assert connection.execute("table kept").fetchall() == [(1,)]
        connection.execute("drop table kept")


def test_missing_servers_are_named() -> None:
    message = "needs redis-server: apt-get install redis-server"
    with pytest.raises(MissingServerError, match=re.escape(message)):
        find_program("not-installed", "redis-server")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_servers_end_with_the_process(tmp_path: Path, end: signal.Signals) -> None:
    code = """
    import sys, time
    from pathlib import Path
    from tests.background.engines.servers import Redis
    server = Redis(Path(sys.argv[1]))
    server.start()
    print(server.port, flush=True)
    time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", dedent(code), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        create_connection((LOOPBACK, port)).close()
        process.send_signal(end)
    for _ in range(600):  # attempts, in a minute
        time.sleep(0.1)
        with socket() as client:
            if client.connect_ex((LOOPBACK, port)):
                return
    pytest.fail("the server does not end")
