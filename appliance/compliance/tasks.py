"""What the box does about keeping and deleting without being asked: erasing files, closing requests, retention."""

from __future__ import annotations

import logging

from celery import shared_task

from appliance.audit.context import Actor, acting_as
from appliance.compliance import deciding, erasing, promotion, retention

log = logging.getLogger(__name__)


@shared_task
def erase_files() -> None:
    """Every minute: files of documents that were deleted, and what uploads left that were cut short."""
    with acting_as(Actor("eraser", "worker")):
        count = erasing.erase_doomed()
    erasing.sweep_leftovers()
    if count:
        log.info("erased %s files of deleted documents", count)


@shared_task
def close_requests() -> None:
    """Every ten minutes: requests for approval that waited too long."""
    with acting_as(Actor("system", "system")):
        count = deciding.expire()
    if count:
        log.info("closed %s requests that waited too long", count)


@shared_task
def put_in_force() -> None:
    """Every minute: a model that was approved and that the pointer of the store does not name yet."""
    if promotion.move_pointer():
        log.info("put the model in force that was approved last")


@shared_task
def apply_retention() -> None:
    """Every night: what is due by the retention rules, then files that no document names."""
    with acting_as(Actor("retention", "worker")):
        for run in retention.run_all():
            log.info("retention: %s", run)
        erasing.erase_orphans()
