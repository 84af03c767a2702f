"""Everything that the officer's first page shows about the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.checking.models import LogCheck, Verdict
from appliance.audit.checking.queries import last_answered
from appliance.audit.checking.words import finding
from appliance.audit.checkpoints import queries as checkpoints
from appliance.audit.log.key_history import first_key
from appliance.audit.log.state import state
from appliance.audit.models import AuditEvent, Reconciliation
from appliance.audit.overview.chart import Chart, chart_of
from appliance.audit.overview.exceptions import PERIODS, Exceptions, exceptions
from appliance.audit.overview.health import Health, LogFacts, health_of

FORGED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Overview:
    """`health` is never empty; its first line is the sentence of the page."""

    facts: LogFacts
    health: list[Health]
    newest: checkpoints.Row | None
    fingerprint: str
    cosigned: checkpoints.LastCosignature | None
    last_check: LogCheck | None
    exceptions: Exceptions
    chart: Chart
    periods: tuple[int, ...] = PERIODS

    @property
    def oldest_waiting_seconds(self) -> int:
        return int((self.facts.oldest_waiting or timedelta()).total_seconds())


def overview(*, period: int) -> Overview:
    """`period` in days, one of PERIODS."""
    newest, cosigned, last_check = checkpoints.newest_checkpoint(), checkpoints.last_cosignature(), last_answered()
    facts = _facts(newest, cosigned, last_check)
    found = exceptions(period=period)
    return Overview(
        facts=facts,
        health=health_of(facts, now=timezone.now()),
        newest=newest,
        fingerprint=first_key().fingerprint,
        cosigned=cosigned,
        last_check=last_check,
        exceptions=found,
        chart=chart_of(found),
    )


def _facts(
    newest: checkpoints.Row | None, cosigned: checkpoints.LastCosignature | None, last_check: LogCheck | None
) -> LogFacts:
    log, reconciliation = state(), Reconciliation.objects.first()
    tampered = last_check is not None and last_check.verdict == Verdict.TAMPERED
    return LogFacts(
        size=log.size,
        waiting=log.staged,
        oldest_waiting=log.lag if log.staged else None,
        last_signed=newest.signed_at if newest else None,
        trouble=log.trouble,
        anchor_problem=log.anchors.trouble,
        countersigned_at=cosigned.signed_at if cosigned else None,
        reconciled_at=reconciliation.made_at if reconciliation else None,
        findings=reconciliation.finding_count if reconciliation else 0,
        forged=max(log.forged, _forged()),
        found_tampered=finding(last_check.kind).sentence if last_check and tampered else "",
    )


def _forged() -> int:
    since = timezone.now() - timedelta(days=FORGED_DAYS)
    return AuditEvent.objects.filter(action=Action.RECORD_FORGED, recorded_at__gte=since).count()
