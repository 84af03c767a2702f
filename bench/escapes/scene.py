"""What there is to reach on a box: secrets in files, memory, descriptors, environments; listeners; processes."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

PLANTED = Path(__file__).parent / "planted"


@dataclass(frozen=True)
class Targets:
    """All of them work for whoever stands outside of the walls. `address`: of the mark in the parent's memory."""

    mark: str
    modules: str
    folder: str
    secret: str
    link: str
    mount_point: str
    parent: int
    address: int
    descriptor: int
    victim: int
    victim_to_kill: int
    tcp: int
    udp: int
    unix: str
    abstract: str

    def as_document(self) -> bytes:
        """A text that is not UTF-8, so that the reader asks the library whose place was taken."""
        return json.dumps(asdict(self)).encode() + b"\xff"


@contextmanager
def opened() -> Iterator[Targets]:
    """Targets for one reading. The parent is this very process, as a worker is of its reading processes."""
    mark = secrets.token_hex(16)
    kept = ctypes.create_string_buffer(mark.encode())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="escapes-")))
        data, modules = folder / "data", folder / "modules"
        (data / "mount").mkdir(parents=True)
        (data / "secret").write_text(mark)
        shutil.copytree(PLANTED, modules)
        (modules / "link").symlink_to(data / "secret")
        held = stack.enter_context((data / "secret").open("rb"))
        abstract = f"escapes-{mark}"
        yield Targets(
            mark=mark,
            modules=str(modules),
            folder=str(data),
            secret=str(data / "secret"),
            link=str(modules / "link"),
            mount_point=str(data / "mount"),
            parent=os.getpid(),
            address=ctypes.addressof(kept),
            descriptor=held.fileno(),
            victim=_victim(stack, mark),
            victim_to_kill=_victim(stack, mark),
            tcp=_listening(stack, socket.create_server(("127.0.0.1", 0))),
            udp=_bound(stack, socket.SOCK_DGRAM),
            unix=_listening_at(stack, str(data / "socket")),
            abstract=_listening_at(stack, "\0" + abstract)[1:],
        )


def _victim(stack: ExitStack, mark: str) -> int:
    victim = subprocess.Popen(["sleep", "600"], env={**os.environ, "SECRET": mark})
    stack.callback(victim.wait)
    stack.callback(victim.kill)
    return victim.pid


def _bound(stack: ExitStack, kind: socket.SocketKind) -> int:
    bound = stack.enter_context(socket.socket(socket.AF_INET, kind))
    bound.bind(("127.0.0.1", 0))
    return int(bound.getsockname()[1])


def _listening_at(stack: ExitStack, address: str) -> str:
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    _listening(stack, server)
    return address


def _listening(stack: ExitStack, server: socket.socket) -> int:
    """Says one character to whoever connects, until the stack is closed; gives the port of a TCP server."""
    talker = threading.Thread(target=_greet, args=(server,), daemon=True)
    talker.start()
    stack.callback(talker.join)
    stack.callback(server.close)
    stack.callback(server.shutdown, socket.SHUT_RDWR)
    return int(server.getsockname()[1]) if server.family == socket.AF_INET else 0


def _greet(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.sendall(b"!")
