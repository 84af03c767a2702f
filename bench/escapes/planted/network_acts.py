"""Acts on the network: everything listens on this machine, so a closed network is the only reason to fail."""

from __future__ import annotations

import socket
from typing import Any

SECONDS = 2.0
QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06secret\x07invalid\x00\x00\x01\x00\x01"


def connect_by_tcp(targets: dict[str, Any]) -> bool:
    with socket.create_connection(("127.0.0.1", targets["tcp"]), SECONDS) as connection:
        return connection.recv(1) == b"!"


def send_by_udp(targets: dict[str, Any]) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(targets["mark"].encode(), ("127.0.0.1", targets["udp"])) > 0


def ask_a_name_server(targets: dict[str, Any]) -> bool:
    """The secret leaves as the name that is asked for; the port stands for 53."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(QUESTION, ("127.0.0.1", targets["udp"])) == len(QUESTION)


def connect_to_a_socket_file(targets: dict[str, Any]) -> bool:
    return _heard_from(targets["unix"])


def connect_to_an_abstract_socket(targets: dict[str, Any]) -> bool:
    return _heard_from("\0" + targets["abstract"])


def _heard_from(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(address)
        return connection.recv(1) == b"!"


def listen_by_tcp(targets: dict[str, Any]) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1] > 0


def open_a_raw_socket(targets: dict[str, Any]) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        return raw.fileno() > 0


def list_the_networks(targets: dict[str, Any]) -> bool:
    return bool(socket.if_nameindex())


ACTS = (
    connect_by_tcp,
    send_by_udp,
    ask_a_name_server,
    connect_to_a_socket_file,
    connect_to_an_abstract_socket,
    listen_by_tcp,
    open_a_raw_socket,
    list_the_networks,
)
