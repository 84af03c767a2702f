"""What the dossier's PDF says, section by section, within limits that it states itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from appliance.audit.dossier.pdf.sheet import Sheet
from appliance.audit.dossier.proof import ProofState, newest_checkpoint, proof_states
from appliance.audit.dossier.queries import Dossier, Run, Shown
from appliance.audit.evidence import pictures_of
from appliance.audit.timeline import Entry

PICTURES_AT_MOST = 200
_ONE_VALUE = 125.0
"""Points that a value with its picture takes, as a rule."""
_NO_PICTURE = "The piece of the page is not stored any more."


def dossier_pdf(dossier: Dossier, *, made_by: str) -> bytes:
    """A4, a few megabytes at most. No words of a document make it fail: what the font lacks stands as code points."""
    made_at = timezone.now()
    name = f"Dossier of document {dossier.document.pk}"
    sheet = Sheet(title=name, footer=f"{name}, {_time(made_at)}")
    sheet.heading("Dossier of a document", size=16)
    _document(sheet, dossier)
    _values(sheet, dossier)
    for run in dossier.runs:
        _run(sheet, run)
    _decisions(sheet, dossier)
    _taught(sheet, dossier)
    proofs = proof_states(entry.event for entry in dossier.entries)
    _entries(sheet, "Exports", dossier.exports, proofs)
    _entries(sheet, "Who looked, and when", dossier.accesses, proofs)
    _entries(sheet, "Everything that changed it", dossier.changes, proofs)
    _end(sheet, made_by=made_by, made_at=made_at)
    return sheet.close()


def _document(sheet: Sheet, dossier: Dossier) -> None:
    document = dossier.document
    for sentence in dossier.left_out:
        sheet.text(sentence)
    sheet.fact("File name", document.untrusted_name)
    sheet.fact("Document number", str(document.pk))
    sheet.fact("SHA-256, original", document.sha256)
    sheet.fact(
        "Original", f"{document.media_type or 'not read yet'}, {document.size} bytes, {document.page_count} pages"
    )
    sheet.fact("State", document.get_state_display())
    sheet.fact("Type", document.document_type.name if document.document_type else "not set")
    sheet.fact("Uploaded", f"{_time(document.uploaded_at)} by {document.uploaded_by.display_name}")
    if document.reader_digest:
        sheet.fact("Read by", document.reader_digest)
        sheet.verbatim(dossier.reader_text.splitlines())
    if document.findings:
        sheet.fact("Remarks of reading", ", ".join(map(str, document.findings)))


def _values(sheet: Sheet, dossier: Dossier) -> None:
    sheet.heading("Values as they stand")
    if not dossier.values:
        sheet.text("Nothing was extracted yet.")
    placed = [(number, shown) for number, shown in enumerate(dossier.values) if shown.has_place][:PICTURES_AT_MOST]
    places = {number: shown.source.regions for number, shown in placed if shown.source is not None}
    pictures = pictures_of(dossier.document, places)
    for number, shown in enumerate(dossier.values):
        _value(sheet, shown)
        if number in pictures:
            sheet.picture(pictures[number])
        elif number in places:
            sheet.fact("", _NO_PICTURE)
    if sum(shown.has_place for shown in dossier.values) > PICTURES_AT_MOST:
        sheet.text(f"Only the first {PICTURES_AT_MOST} values have their piece of the page here; the page shows all.")


def _value(sheet: Sheet, shown: Shown) -> None:
    value = shown.value
    sheet.keep_together(_ONE_VALUE)
    sheet.fact("Field", f"{value.where} ({shown.path})")
    sheet.fact("As printed", "not in the document" if value.raw is None else value.raw)
    if value.normal:
        sheet.fact("Normal form", f"{value.normal} by {value.rule}" if value.rule else value.normal)
    if value.decided_by and value.decided_at:
        sheet.fact("Who says so", f"{value.decided_by}, {_time(value.decided_at)}: {value.status.value}")
    elif shown.extracted is not None:
        sheet.fact("Who says so", f"the model, confidence {value.confidence:.2f}")
    if value.regions:
        sheet.fact("Place", f"page {value.regions[0].page}")


def _run(sheet: Sheet, run: Run) -> None:
    extraction = run.extraction
    sheet.heading(f"Run {extraction.pk}{', the one that counts' if run.is_current else ''}")
    sheet.fact("Time", _time(extraction.created_at))
    covered = f"{extraction.pages_covered} of {extraction.pages_total} pages"
    sheet.fact("What", f"{extraction.type_version}, {run.value_count} values, {covered}")
    sheet.fact("Name of the run", extraction.key)
    sheet.fact("Against the log", _seal_in_words(run))
    if extraction.engine:
        sheet.fact("Computed by", extraction.engine)
    for replay in run.replays:
        sheet.fact("Replayed", f"{_time(replay.asked_at)}: {replay.get_verdict_display() or 'no verdict yet'}")
    for step in run.steps:
        sheet.fact(step.name, step.words)
        sheet.fact("", step.digest)
        if not step.fits:
            sheet.fact("", "What is stored under this digest does not hash to it: it was changed afterwards.")
        sheet.verbatim(step.text.splitlines())


def _seal_in_words(run: Run) -> str:
    if run.altered:
        return f"ALTERED AFTERWARDS: {', '.join(run.altered)} are not what the log committed to"
    return "as the log committed to it" if run.is_sealed else "from before the log committed to runs"


def _decisions(sheet: Sheet, dossier: Dossier) -> None:
    sheet.heading("What people decided")
    if not dossier.corrections:
        sheet.text("Nobody decided on a value of this document.")
    for entry in dossier.corrections:
        who = f"{_time(entry.event.recorded_at)}, {entry.event.actor}"
        if entry.change is None:
            sheet.fact(entry.event.reason[:20], f"{who}: NO STORED VALUE FITS THE LOG")
            continue
        decision, change = entry.change.decision, entry.change
        sheet.text(f"{who}: {decision.path}, {decision.get_kind_display().lower()}")
        sheet.text(f"from: {change.before}", indent=10)
        sheet.text(f"to:   {change.after}", indent=10)
        if not change.is_proven:
            sheet.text("NOT WHAT THE LOG COMMITTED TO: CHANGED AFTERWARDS", indent=10)


def _taught(sheet: Sheet, dossier: Dossier) -> None:
    sheet.heading("Models that this document taught")
    if not dossier.taught:
        sheet.text("No card of a model names this document.")
    for taught in dossier.taught:
        sheet.fact("Model", f"{taught.card.name}{', through its base' if taught.through else ''}")
        sheet.fact("", taught.card.digest)


def _entries(sheet: Sheet, title: str, entries: Sequence[Entry], proofs: Mapping[int, ProofState]) -> None:
    sheet.heading(title)
    if not entries:
        sheet.text("None.")
    for entry in entries:
        event, proof = entry.event, proofs.get(entry.event.pk, ProofState())
        number = "-" if proof.index is None else str(proof.index)
        act = f"{event.get_action_display()}{'' if event.outcome == 'done' else f' ({event.outcome})'}"
        sheet.text(f"{number:>7}  {_time(event.recorded_at)}  {event.actor} ({event.actor_role})  {act}", size=6.5)
        if event.reason or not proof.fits or proof.signed is None:
            sheet.text(f"{event.reason}{'; ' if event.reason else ''}{proof.words}", indent=36, size=6.5)


def _end(sheet: Sheet, *, made_by: str, made_at: datetime) -> None:
    sheet.heading("This dossier")
    sheet.fact("Made", f"{_time(made_at)} by {made_by}")
    sheet.text("Its making is in the log as “Dossier exported”, with the SHA-256 of this file.")
    checkpoint = newest_checkpoint()
    if checkpoint is None:
        sheet.text("No checkpoint of the log is signed yet, so nothing outside of this box vouches for it.")
        return
    sheet.text(
        f"It belongs to the checkpoint of size {checkpoint.size}: entries with a number below that are under it. Check "
        "the log folder, or the proof of an entry, with the offline verifier and your own copy of the log's key."
    )
    sheet.verbatim(checkpoint.note.splitlines())


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %Z")
