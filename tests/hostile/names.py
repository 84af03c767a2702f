"""Honest letters under hostile names."""

from __future__ import annotations

from tests.hostile.kinds import READ, Kind

NAMES = (
    b"line\nbreak.txt",
    "‮txt.exe".encode(),
    b"-rf.txt",
    b"<img src=x onerror=alert(1)>.txt",
    b"=cmd|' C calc'!A0.txt",
    b"\"quoted'.txt",
    b"..\\..\\windows\\system32\\x.txt",
    b"...",
    b"CON.txt",
    b" .txt ",
    b"%00%2e%2e%2fetc%2fpasswd.txt",
    b"\xff\xfe\xc3\x28.txt",
    b"x" * 251 + b".txt",
    "🙂".encode() * 60 + b".txt",
    b"$(reboot);`reboot`.txt",
    b"\x1b]0;owned\x07.txt",
    b"{{ 7*7 }}{% debug %}.txt",
)


def strange_name(number: int) -> bytes:
    """A letter like no other."""
    return (
        f"Northgate Clinic\nLaboratory report LR-{number:05}\nPatient Ada Winter\nGlucose 5.1 mmol/L\n"
        "The sample arrived in good order.\n"
    ).encode()


KINDS = (Kind("strange_name", ".txt", strange_name, frozenset({READ}), len(NAMES), NAMES.__getitem__),)
