"""What an officer registers and uploads: kept when it fits, refused with words and recorded when it does not."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from appliance.audit.checkpoints import services
from appliance.audit.checkpoints.errors import (
    AlreadySigned,
    BodyDiffers,
    KeyKnown,
    NoSignatureFits,
    NotACheckpoint,
    NotAWitnessKey,
    SignedInTheFuture,
    UnknownCheckpoint,
)
from appliance.audit.models import AuditEvent, Cosignature, Witness
from appliance.audit.tree.notes import LOG_KEY, WITNESS_KEY, CheckpointBody, Note
from appliance.audit.tree.signing import SigningKey
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import OLGAS_KEY, countersigned, sign_now

PAGE = "/log/countersign/"


@pytest.fixture
def witness(db) -> Witness:
    return services.register_witness(key_line=OLGAS_KEY.public.line, by="olga")


@pytest.fixture
def checkpoint(db):
    entry()
    return sign_now()


def newest_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk").first()


def test_a_key_is_registered_and_recorded_with_its_line(witness):
    event = newest_event()

    assert (witness.name, witness.registered_by) == ("olga", "olga")
    assert (event.action, event.object_type, event.object_version) == ("witness_registered", "witness", 1)
    assert OLGAS_KEY.public.line.encode() in bytes(event.record)


def test_the_line_may_come_as_the_verifier_prints_it(db):
    assert services.register_witness(key_line=f"ok: {OLGAS_KEY.public.line}\n", by="olga").name == "olga"


WRONG = ("nothing", "a name", "made up", "a letter more", "another name", "a log's key", "blanks", "the log", "long")


@pytest.mark.parametrize("line", [
    "", "olga", "olga+00000000+AAAA", OLGAS_KEY.public.line + "x", OLGAS_KEY.public.line.replace("olga", "carl"),
    SigningKey.new("olga", LOG_KEY).public.line, SigningKey.new("two words", WITNESS_KEY).public.line,
    SigningKey.new("strongroom/log", WITNESS_KEY).public.line, SigningKey.new("x" * 101, WITNESS_KEY).public.line,
], ids=WRONG)  # fmt: skip
def test_what_is_no_counter_signers_key_is_refused(db, line):
    with pytest.raises(NotAWitnessKey):
        services.register_witness(key_line=line, by="olga")


def test_a_key_is_registered_once_and_a_name_too(witness):
    for key in (OLGAS_KEY, SigningKey.new("olga", WITNESS_KEY)):
        with pytest.raises(KeyKnown):
            services.register_witness(key_line=key.public.line, by="olga")


def test_a_counter_signature_is_kept_and_recorded(witness, checkpoint):
    kept = services.store_countersignature(
        untrusted_note=countersigned(checkpoint, seconds=int(time.time())), by="olga"
    )
    event = newest_event()

    assert (kept.checkpoint_id, kept.witness, kept.received_by) == (checkpoint.size, witness, "olga")
    assert Note.parse(checkpoint.note + kept.line + "\n").cosigned_at(OLGAS_KEY.public) == kept.signed_s
    assert (event.action, event.object_id, event.outcome) == (
        "checkpoint_countersigned",
        str(checkpoint.size),
        "done",
    )


def test_a_signature_by_an_unknown_key_is_refused_and_recorded(witness, checkpoint):
    stranger = SigningKey.new("olga", WITNESS_KEY)
    with pytest.raises(NoSignatureFits):
        services.store_countersignature(untrusted_note=countersigned(checkpoint, stranger), by="olga")
    event = newest_event()

    assert (event.action, event.outcome, event.reason) == (
        "checkpoint_countersigned",
        "refused",
        "no_signature_fits",
    )
    assert not Cosignature.objects.exists()


def test_a_changed_signature_is_refused(witness, checkpoint):
    note = Note.parse(countersigned(checkpoint))
    line = note.signatures[-1]
    changed = type(line)(line.name, line.key_id, line.blob[:-1] + bytes([line.blob[-1] ^ 1]))
    with pytest.raises(NoSignatureFits):
        services.store_countersignature(untrusted_note=Note(note.body, (changed,)).text, by="olga")


def test_another_history_of_the_same_size_is_refused(witness, checkpoint):
    body = CheckpointBody.parse(Note.parse(checkpoint.note).body)
    other = CheckpointBody(body.origin, body.size, bytes(32), body.time_us, body.epoch)
    text = Note(other.text, (OLGAS_KEY.cosignature(other.text, seconds=int(time.time())),)).text
    with pytest.raises(BodyDiffers):
        services.store_countersignature(untrusted_note=text, by="olga")


def test_a_checkpoint_that_the_box_never_signed_is_refused(witness, checkpoint):
    body = CheckpointBody.parse(Note.parse(checkpoint.note).body)
    other = CheckpointBody(body.origin, body.size + 1, body.root, body.time_us, body.epoch)
    text = Note(other.text, (OLGAS_KEY.cosignature(other.text, seconds=int(time.time())),)).text
    with pytest.raises(UnknownCheckpoint):
        services.store_countersignature(untrusted_note=text, by="olga")


@pytest.mark.parametrize("shift", [3600, -3600])
def test_a_signature_of_another_time_is_refused(witness, checkpoint, shift):
    with pytest.raises(SignedInTheFuture):
        services.store_countersignature(
            untrusted_note=countersigned(checkpoint, seconds=int(time.time()) + shift), by="olga"
        )


def test_a_signature_is_kept_once(witness, checkpoint):
    text = countersigned(checkpoint)
    services.store_countersignature(untrusted_note=text, by="olga")
    with pytest.raises(AlreadySigned):
        services.store_countersignature(untrusted_note=text, by="olga")

    assert Cosignature.objects.count() == 1


@pytest.mark.parametrize("text", ["", "\n\n", "hello\n\nworld\n", "a\nb\n\n— olga AAAA\n", "\x00" * 100])
def test_what_is_no_note_is_refused(witness, text):
    with pytest.raises(NotACheckpoint):
        services.store_countersignature(untrusted_note=text, by="olga")


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_keys_and_signatures_as_they_are(witness, checkpoint, act):
    services.store_countersignature(untrusted_note=countersigned(checkpoint), by="olga")
    for rows in (Cosignature.objects.all(), Witness.objects.all()):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            rows.delete() if act == "delete" else rows.update(id=0)


def test_the_page_leads_from_the_key_to_the_signature(olga, client_for, checkpoint):
    browser = client_for(olga)
    first = browser.get(PAGE)
    assert "No key yet" in first.text
    assert "keygen --name olga" in first.text

    registered = browser.post(f"{PAGE}key/", {"key_line": OLGAS_KEY.public.line}, follow=True)
    assert OLGAS_KEY.public.fingerprint in registered.text

    file = SimpleUploadedFile("signed.note", countersigned(checkpoint).encode())
    uploaded = browser.post(PAGE, {"note": file}, follow=True)
    assert f"over {checkpoint.size} entries is kept" in uploaded.text
    assert uploaded.context["witnesses"][0].last_size == checkpoint.size


@pytest.mark.parametrize(("content", "said"), [
    (b"hello", "not a signed checkpoint"), (b"\xff\xfe", "not a signed checkpoint"), (b"", "is empty"),
    (b"x" * 20_000, "not a signed checkpoint"),
])  # fmt: skip
def test_the_page_says_why_a_file_is_refused(olga, client_for, witness, content, said):
    page = client_for(olga).post(PAGE, {"note": SimpleUploadedFile("signed.note", content)})

    assert page.status_code == 422
    assert said in page.text


def test_the_page_says_why_a_key_is_refused(olga, client_for):
    page = client_for(olga).post(f"{PAGE}key/", {"key_line": "olga"})

    assert page.status_code == 422
    assert "not the public key of a counter-signer" in page.text


def test_a_clerk_can_neither_register_nor_upload(clara, client_for):
    browser = client_for(clara)

    assert browser.post(f"{PAGE}key/", {"key_line": OLGAS_KEY.public.line}).status_code == 403
    assert browser.post(PAGE, {}).status_code == 403
    assert not Witness.objects.exists()
