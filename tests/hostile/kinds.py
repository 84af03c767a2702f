"""What a kind of hostile file is: a maker of numbered variants, and the ways in which reading one of them may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

READ = "read"
VARIANTS = 8


@dataclass(frozen=True)
class Kind:
    """`make(n)` gives the bytes of variant n = 0, 1, …, the same ones each time; `ends` are READ or codes of refusals.

    `named(n)` is the name of the file on disk where the name itself is hostile, in bytes because it need not be text.
    """

    name: str
    suffix: str
    make: Callable[[int], bytes]
    ends: frozenset[str]
    variants: int = VARIANTS
    named: Callable[[int], bytes] | None = None

    def file_name(self, number: int) -> bytes:
        return self.named(number) if self.named else f"{self.name}-{number:02}{self.suffix}".encode()


def kind(make: Callable[[int], bytes], suffix: str, *ends: str, variants: int = VARIANTS, name: str = "") -> Kind:
    """A kind named after its maker."""
    return Kind(name or make.__name__, suffix, make, frozenset(ends), variants)
