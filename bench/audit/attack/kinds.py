"""The kinds of tampering, in the order of the list in the design: what is done, who tries, and what must be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from appliance.audit.verifier.strongroom_verify import Report
from bench.audit.attack.scene import Scene


@dataclass(frozen=True)
class Found:
    """What the verifier or the reconciliation says; `index` is a record, or a size where the kind has one."""

    kind: str
    index: int | None


@dataclass(frozen=True)
class Outcome:
    """What must be found, and what was."""

    expected: Found
    found: Found

    @property
    def is_detected(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True)
class Kind:
    """`attempts`: what the appliance's database role tries, each of which must be refused; none where the attack is not
    on rows. `forge` does the same as superuser, or to files, and has it checked."""

    name: str
    forge: Callable[[Scene], Outcome]
    attempts: Sequence[str] = ()


def checked(report: Report, kind: str, index: int | None) -> Outcome:
    return Outcome(Found(kind, index), Found(report.kind or report.verdict, report.index))


def reconciled(wanted: str) -> Outcome:
    """Whether the reconciliation has a sentence with these words; it names entries and objects, not indexes."""
    from appliance.audit.log.reconcile import reconcile

    sentences = [finding for finding in reconcile().findings if wanted in finding]
    return Outcome(Found(wanted, None), Found(wanted if sentences else "nothing", None))


def all_kinds() -> Iterator[Kind]:
    from bench.audit.attack import in_database, in_files, in_time

    yield from (*in_database.KINDS, *in_files.KINDS, *in_time.KINDS)
