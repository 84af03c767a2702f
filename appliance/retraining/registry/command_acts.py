"""What `manage.py models` does for each of its acts: the services, and the answer for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from appliance.accounts.roles import Permission
from appliance.compliance.promotion import ask_promotion, roll_back
from appliance.operations.heartbeat import models_in_memory
from appliance.retraining import queries
from appliance.retraining.registry import services
from appliance.retraining.registry.command_line import acting_for, done_here, resolved, snapshot_named, table
from appliance.retraining.registry.exporting import begin_export, public_text, signing_key
from appliance.retraining.registry.heavy import BoxWorkshop
from appliance.retraining.rows import ModelRow
from models_store.convert import Quantization
from models_store.intake.bundle import write_bundle

Options = Mapping[str, Any]


def _list(options: Options) -> dict[str, Any]:
    found = queries.store()
    if found.problem:
        raise CommandError(found.problem)
    rows = [_facts(row) for row in found.rows]
    head = ("name", "state", "digest", "quantization", "bytes", "trainable", "verdict", "loaded")
    shown = [tuple(str(row[key])[:12] if key == "digest" else _word(row[key]) for key in head) for row in rows]
    return {"json": rows, "text": table(head, shown) if shown else "The store of models is empty."}


def _loaded(options: Options) -> dict[str, Any]:
    held = models_in_memory()
    lines = [f"{digest}  {', '.join(workers)}" for digest, workers in held.items()]
    return {"json": held, "text": "\n".join(lines) or "No worker holds a model now."}


def _show(options: Options) -> dict[str, Any]:
    page = queries.model_page(resolved(options["model"]))
    facts = _facts(page.row) | {"card": page.row.card.model_dump(mode="json")}
    facts["measured"] = [{"snapshot": one.snapshot.digest, "summary": one.summary} for one in page.measured]
    lines = [f"{key:14}{_word(value)}" for key, value in facts.items() if key not in {"card", "measured"}]
    lines += [f"{'score':14}{one.name} {one.value} {one.interval}".rstrip() for one in page.scores]
    return {"json": facts, "text": "\n".join(lines)}


def _import(options: Options) -> dict[str, Any]:
    workshop, path, quiet = BoxWorkshop(), options["source"], options["json"]
    check = done_here(
        lambda: services.ask_check_of_path(path=path, leave_programs=options["leave_programs"]), workshop, quiet=quiet
    )
    found = check.result.get("found")
    if found is None:
        problem = check.result["problem"]
        raise CommandError("{sentence} {detail} {next_step} ({code})".format(**problem))
    if options["check_only"]:
        return {"json": found, "text": "\n".join(_words_on(found))}
    name = options["name"] or path.stem
    job = done_here(lambda: services.ask_import(by=None, check=check, name=name), workshop, quiet=quiet)
    return {"json": job.result, "text": f"{name} is in the store: {job.result['model']}"}


def _words_on(found: Mapping[str, Any]) -> list[str]:
    if found["kind"] == "bundle":
        return [f"A bundle of model {found['model']}, signed by {found['signer']}: fit to be brought in."]
    facts = f"{found['family']}, {found['parameters']:,} parameters, {found['numbers']}: fit to be brought in."
    return [facts, *found["warnings"]]


def _copy(options: Options) -> dict[str, Any]:
    digest, name = resolved(options["model"]), options["name"]
    done_here(lambda: services.ask_copy(by=None, digest=digest, name=name), BoxWorkshop(), quiet=options["json"])
    return {"json": {"model": digest, "name": name}, "text": f"{digest[:12]} is called {name} too."}


def _export(options: Options) -> dict[str, Any]:
    digest, target = resolved(options["model"]), options["file"]
    bundle = begin_export(by=None, digest=digest, with_weights=not options["without_weights"])
    try:
        write_bundle(bundle, target)
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror}. Give another file.") from error
    return {
        "json": {"model": digest, "file": str(target), "bytes": bundle.size},
        "text": f"{target}: {bundle.size:,} bytes",
    }


def _key(options: Options) -> dict[str, Any]:
    text = public_text(signing_key().public_key())
    return {"json": {"public_key": text}, "text": text}


def _quantize(options: Options) -> dict[str, Any]:
    names = [name for name in options["to"].split(",") if name]
    if unknown := [name for name in names if name not in Quantization.__members__]:
        raise CommandError(f"{unknown[0]} is none of {', '.join(Quantization.__members__)}.")
    digest, snapshot = resolved(options["model"]), snapshot_named(options["snapshot"])
    job = done_here(
        lambda: services.ask_quantize(by=None, digest=digest, quantizations=names, snapshot=snapshot),
        BoxWorkshop(),
        quiet=options["json"],
    )
    lines = [f"{step['step']:12}{step['quantization']:8}{step['after']}" for step in job.result["steps"]]
    return {"json": job.result, "text": "\n".join(lines)}


def _evaluate(options: Options) -> dict[str, Any]:
    digest, snapshot = resolved(options["model"]), snapshot_named(options["snapshot"])
    done_here(
        lambda: services.ask_evaluate(by=None, digest=digest, snapshot=snapshot), BoxWorkshop(), quiet=options["json"]
    )
    summary = queries.model_page(digest).measured[0].summary
    low, high = summary["f1_interval"]
    words = f"F1 {summary['f1']:.3f} ({low:.3f} to {high:.3f}) on {summary['n']} documents"
    return {"json": summary, "text": words}


def _promote(options: Options) -> dict[str, Any]:
    digest = resolved(options["model"])
    with acting_for(options["by"], Permission.ASK_PROMOTION) as person:
        approval = ask_promotion(by=person, digest=digest, reason=options["reason"])
    words = f"Asked for. A compliance officer decides in the browser, under Approvals: request {approval.pk}."
    return {"json": {"approval": approval.pk, "model": digest}, "text": words}


def _roll_back(options: Options) -> dict[str, Any]:
    with acting_for(options["by"], Permission.ROLL_BACK_MODELS) as person:
        made = roll_back(by=person, reason=options["reason"], document_type=options["type"])
    words = f"{made.digest} is in force again, in place of {made.instead_of}."
    return {"json": {"in_force": made.digest, "instead_of": made.instead_of}, "text": words}


def _remove(options: Options) -> dict[str, Any]:
    digest = resolved(options["model"])
    job = done_here(
        lambda: services.ask_remove(by=None, digest=digest, typed=options["typed"], reason=options["reason"]),
        BoxWorkshop(),
        quiet=options["json"],
    )
    freed = job.result["bytes"]
    return {"json": {"model": digest, "bytes": freed}, "text": f"Removed; {freed:,} bytes are free again."}


ACTS = {
    "list": _list,
    "loaded": _loaded,
    "show": _show,
    "import": _import,
    "copy": _copy,
    "export": _export,
    "key": _key,
    "quantize": _quantize,
    "evaluate": _evaluate,
    "promote": _promote,
    "rollback": _roll_back,
    "remove": _remove,
}


def _facts(row: ModelRow) -> dict[str, Any]:
    verdict = row.verdict
    return {
        "name": row.card.name,
        "names": list(row.names),
        "state": row.state.value,
        "digest": row.card.digest,
        "family": row.family,
        "parameters": row.card.parameters,
        "quantization": row.card.quantization,
        "bytes": row.size,
        "trainable": row.can_be_trained,
        "verdict": None if verdict is None else "passed" if verdict.get("passed") else "refused",
        "retrain_due": row.is_due,
        "loaded": list(row.held_by),
    }


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "-"
    return "-" if value in {None, ""} else str(value)
