"""The check of the log in the upkeep worker."""

from __future__ import annotations

import logging

from celery import shared_task

from appliance.audit.checking import running, services
from appliance.audit.checking.anchors import anchors_for_check
from appliance.audit.checking.doorbell import TASK
from appliance.audit.checking.models import CheckState, Verdict
from appliance.audit.checking.running import Answer, Run
from appliance.audit.checkpoints.queries import signers
from appliance.audit.context import Actor, acting_as
from appliance.audit.log.folder import NothingSigned, log_files
from appliance.audit.log.key_history import first_key
from appliance.audit.log.state import newest_checkpoint

NOT_FINISHED = Answer(
    Verdict.NONE, message="The check could not be finished. Check a downloaded copy on your own computer."
)
log = logging.getLogger(__name__)


@shared_task(name=TASK)
def check_log(check_id: int) -> None:
    with acting_as(Actor("checker", "worker")):
        if not services.take_up(check_id=check_id):
            return
        services.finish(check_id=check_id, answer=_answer(check_id))


def _answer(check_id: int) -> Answer:
    newest = newest_checkpoint()
    size = newest.size if newest else 0

    def tell(state: CheckState, written: int) -> None:
        services.renew(check_id=check_id, state=state, size=size, written=written)

    try:
        running.clear_leftovers()
        run = Run(first_key().line, anchors_for_check(), signers())
        return running.check(log_files(), run, tell)
    except NothingSigned as nothing:
        return Answer(Verdict.NONE, message=nothing.sentence)
    except OSError as error:
        log.warning("check %s: %s", check_id, error)
        return Answer(Verdict.NONE, message=f"The copy could not be made: {error.strerror or error}.")
    except Exception:  # the task wrapper: any bug must end in a state that a person can see
        log.exception("check %s of the log", check_id)
        return NOT_FINISHED
