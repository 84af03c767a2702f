from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from appliance.audit.context import acting_as
from appliance.document_types.models import DocumentType
from appliance.retraining.models import Preset, RunState
from appliance.retraining.registry.command_line import OPERATOR, resolved, told
from appliance.retraining.runs import bases, services
from appliance.retraining.runs.errors import NotTrainable
from appliance.retraining.runs.following import Follower, outcome_json, outcome_lines
from appliance.retraining.runs.options import QUANTIZATIONS, of_preset
from appliance.retraining.runs.snapshots import fresh_snapshot
from appliance.retraining.runs.tasks import work_on_run
from appliance.retraining.runs.window import Window

LOOK_SECONDS = 1.0
PRESETS = (Preset.QUICK.value, Preset.THOROUGH.value)


class Command(BaseCommand):
    help = "Train a model on the reviewed documents of a type, and follow the run to its verdict. Nothing is promoted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--type", required=True, help="name of the document type")
        parser.add_argument("--preset", choices=PRESETS, default=PRESETS[0])
        parser.add_argument("--base", help="name or digest of the model to start from; the one in force if not given")
        parser.add_argument("--quantizations", help=f"with commas, of {', '.join(QUANTIZATIONS)}")
        parser.add_argument("--window", metavar="HH-HH", help="hours of the day in which it may work, such as 20-06")
        parser.add_argument("--now", action="store_true", help="whatever the hour is; overrides --window")
        parser.add_argument("--here", action="store_true", help="work in this process, without the worker of training")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with told(as_json=options["json"]), acting_as(OPERATOR):
            run = services.ask_run(by=None, wanted=_wanted(options))
        follower = Follower(run.pk)
        self.stdout.write(f"Run {run.pk} is asked for.")
        if options["here"]:
            threading.Thread(target=_work, args=(run.pk,), name="training", daemon=True).start()
        page = follower.look()
        while page.is_live:
            for line in follower.fresh(page):
                self.stdout.write(line)
            time.sleep(LOOK_SECONDS)
            page = follower.look()
        for line in (*follower.fresh(page), *outcome_lines(page)):
            self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(outcome_json(page)))
        if page.run.state != RunState.DONE:
            raise CommandError(f"The run {page.run.get_state_display().lower()}.", returncode=1)


def _wanted(options: dict[str, Any]) -> services.Wanted:
    """Raises a StrongroomError, or CommandError for a type that is not there."""
    document_type = DocumentType.objects.filter(name=options["type"]).first()
    if document_type is None:
        names = ", ".join(DocumentType.objects.values_list("name", flat=True))
        raise CommandError(f"There is no document type {options['type']}. There are: {names}.")
    preset = Preset(options["preset"])
    chosen = of_preset(preset, window=None if options["now"] else _window(options["window"]))
    if options["quantizations"]:
        chosen = replace(chosen, quantizations=tuple(options["quantizations"].split(",")))
    base = resolved(options["base"]) if options["base"] else _in_force()
    return services.Wanted(fresh_snapshot(by=None, document_type=document_type), base, preset, chosen)


def _window(text: str | None) -> Window | None:
    if not text:
        return None
    opens, _, closes = text.partition("-")
    if not (opens.isdecimal() and closes.isdecimal() and int(opens) < 24 and int(closes) < 24):
        raise CommandError(f"“{text}” names no hours; an example: 20-06.")
    return Window(int(opens), int(closes))


def _in_force() -> str:
    card = bases.in_force()
    if card is None:
        raise NotTrainable
    return card.digest


def _work(run_id: int) -> None:
    try:
        work_on_run(run_id)
    finally:
        connections.close_all()
