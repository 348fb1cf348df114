"""
Servers that the tests start for themselves: on free ports of this machine, in a temporary folder.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOOPBACK: Final = "127.0.0.1"

# Debian's folders that are not in PATH. The first one comes before PATH, where a script of the same
# name changes the user.
_PROGRAMS: Final = os.pathsep.join(
    [
        "/usr/lib/rabbitmq/bin",
        os.environ.get("PATH", os.defpath),
        "/usr/sbin",
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
    ]
)

# Longer than any server takes to start or to stop.
_TIMEOUT: Final = 90

_KILL_AT_END: Final = 'read -r _; kill -KILL "-$1" 2>/dev/null'


class MissingServerError(Exception):
    """
    A server is not installed.
    """


def find_program(name: str, package: str) -> str:
    """
    Return the path of a program that this Debian package contains.
    """
    program = shutil.which(name, path=_PROGRAMS)
    if program is None:
        raise MissingServerError(f"needs {package}: apt-get install {package}")
    return program


def killer_of(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """
    Kill the group of *process* as soon as this process ends, however it does, or sends a line.
    """
    return subprocess.Popen(
        ["/bin/sh", "-c", _KILL_AT_END, "sh", str(process.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def free_port() -> int:
    """
    Return a port that nothing listens on.

    It is below those that connections are given. Otherwise, a client that connects again while the
    server is stopped could be given the port of the server.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


class Server(ABC):
    """
    A server that keeps its data while it is stopped, and its port.
    """

    # Makes it stop in order, without waiting for its clients.
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._started: list[tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]] = []

    @property
    @abstractmethod
    def url(self) -> str:
        """
        Return the address for clients.
        """

    @abstractmethod
    def launch(self) -> None:
        """
        Start it, without waiting until it accepts connections.
        """

    @abstractmethod
    def is_ready(self) -> bool:
        """
        Return whether it accepts connections.
        """

    def start(self) -> None:
        """
        Start it, unless it is launched, and wait until it accepts connections.
        """
        if not self._started:
            self.launch()
        deadline = time.monotonic() + _TIMEOUT
        while not self.is_ready():
            ended = any(process.poll() is not None for process, _ in self._started)
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{type(self).__name__} does not start:\n{self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """
        Stop it in order.
        """
        while self._started:
            process, killer = self._started.pop()
            process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_TIMEOUT)
            killer.communicate(b"\n")  # what remains of its group
            process.wait()

    def restart(self) -> None:
        """
        Stop it, and start it with the same data and port.
        """
        self.stop()
        self.start()

    @property
    def log(self) -> str:
        """
        Return what it has written.
        """
        return (self.folder / "log").read_text("utf-8", "replace")

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        """
        Start a program that ends with this server.

        In a group of its own, because Ctrl-C in a terminal ends each program of the group that the
        tests run in, before the tests stop it.
        """
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "HOME": str(self.folder), **(environment or {})},
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        self._started.append((process, killer_of(process)))

    def answers(self, request: bytes, response: bytes) -> bool:
        """
        Return whether its response to *request* starts like this.
        """
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), 5) as connection:
            connection.sendall(request)
            return connection.recv(len(response)) == response
        return False


class Redis(Server):
    """
    Redis, which appends each change to a file.
    """

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def launch(self) -> None:
        program = find_program("redis-server", "redis-server")
        options = {"bind": LOOPBACK, "port": str(self.port), "appendonly": "yes", "save": ""}
        command = [program]
        for name, value in options.items():
            command += f"--{name}", value
        self.run(command)

    def is_ready(self) -> bool:
        return self.answers(b"PING\r\n", b"+PONG")


class RabbitMQ(Server):
    """
    RabbitMQ, which keeps durable queues and persistent messages.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._names_port = free_port()
        self._nodes_port = free_port()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}//"

    def launch(self) -> None:
        program = find_program("rabbitmq-server", "rabbitmq-server")
        names = find_program("epmd", "erlang-base")
        (self.folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 1MB\n", "utf-8")
        (self.folder / "plugins").write_text("[].\n", "utf-8")
        (self.folder / "environment").touch()
        # One scheduler that does not wait in a loop: it shares the machine with the tests.
        options = "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
        environment = {
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "environment"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_DIST_PORT": str(self._nodes_port),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_NODENAME": "tests@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": options,
        }
        # Otherwise, RabbitMQ starts one that nobody stops.
        self.run([names, "-address", LOOPBACK, "-port", str(self._names_port)])
        self.run([program], environment)

    def is_ready(self) -> bool:
        return self.answers(b"AMQP\0\0\x09\x01", b"\1\0\0")


class PostgreSQL(Server):
    """
    PostgreSQL, as its own user if the tests run as root, which it refuses.
    """

    stop_signal = signal.SIGINT

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{LOOPBACK}:{self.port}/postgres"

    @property
    def database(self) -> dict[str, object]:
        """
        Return the item of Django's ``DATABASES``.
        """
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": LOOPBACK,
            "PORT": self.port,
            "NAME": "postgres",
            "USER": "postgres",
        }

    def launch(self) -> None:
        create = find_program("initdb", "postgresql")
        program = find_program("postgres", "postgresql")
        user = "postgres" if os.geteuid() == 0 else None
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        if user:
            shutil.chown(data, user, user)
        options = {
            "fsync": "off",
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        arguments = [argument for item in options.items() for argument in ("-c", "=".join(item))]
        script = (
            'test -e "$2/PG_VERSION" || "$1" --auth=trust --encoding=UTF8 --no-locale --no-sync '
            '--pgdata="$2" --username=postgres && shift 2 && exec "$@"'
        )
        command = ["/bin/sh", "-c", script, "sh", create, str(data)]
        self.run([*command, program, "-D", str(data), *arguments], user=user)

    def is_ready(self) -> bool:
        probe = find_program("pg_isready", "postgresql")
        command = [probe, "--quiet", f"--host={LOOPBACK}", f"--port={self.port}"]
        return subprocess.run(command, check=False).returncode == 0
