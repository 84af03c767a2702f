from __future__ import annotations

import pytest

from appliance.audit.tree.notes import (
    LOG_KEY,
    WITNESS_KEY,
    BadNote,
    CheckpointBody,
    Note,
    PublicKey,
)
from appliance.audit.tree.signing import SigningKey

BODY = CheckpointBody("strongroom/x", 7, b"\x05" * 32, 1_793_300_000_000_000, 3, 5, "ab" * 32)
KEY = SigningKey("strongroom/x", LOG_KEY, bytes(range(32)))
WITNESS = SigningKey("olga", WITNESS_KEY, bytes(range(1, 33)))


def test_checkpoint_body_reads_what_it_writes():
    assert CheckpointBody.parse(BODY.text) == BODY
    assert BODY.text.splitlines()[3:] == ["time 1793300000000000", "epoch 3", f"previous 5 {'ab' * 32}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY.text[:-1],
        BODY.text + "more\n",
        BODY.text.replace("\n7\n", "\n07\n"),
        BODY.text.replace("time ", "Time "),
        BODY.text.replace("\n7\n", "\nseven\n"),
        BODY.text.replace("previous 5", "previous  5"),
    ],
)
def test_checkpoint_of_another_spelling_is_refused(text):
    with pytest.raises(BadNote, match="no checkpoint"):
        CheckpointBody.parse(text)


def test_note_is_signed_by_its_key_and_by_no_other():
    note = Note.parse(KEY.note(BODY.text).text)
    other = SigningKey.new("strongroom/x")

    assert note.is_signed_by(KEY.public)
    assert not note.is_signed_by(other.public)
    assert not Note(note.body.replace("epoch 3", "epoch 4"), note.signatures).is_signed_by(KEY.public)


def test_cosignature_stands_beside_the_log_s_own_signature():
    note = KEY.note(BODY.text)
    both = Note.parse(Note(note.body, (*note.signatures, WITNESS.cosignature(note.body, seconds=12345))).text)

    assert both.is_signed_by(KEY.public)
    assert both.cosigned_at(WITNESS.public) == 12345
    assert note.cosigned_at(WITNESS.public) is None


def test_cosignature_with_another_time_is_refused():
    line = WITNESS.cosignature(BODY.text, seconds=12345)
    forged = type(line)(line.name, line.key_id, (12346).to_bytes(8, "big") + line.blob[8:])

    assert Note(BODY.text, (forged,)).cosigned_at(WITNESS.public) is None


def test_key_lines_read_what_they_write():
    assert PublicKey.parse(KEY.public.line) == KEY.public
    assert SigningKey.parse(KEY.private_line()) == KEY
    assert KEY.private_line().startswith(f"PRIVATE+KEY+strongroom/x+{KEY.public.key_id.hex()}+")
    assert len(KEY.public.fingerprint.split()) == 16


@pytest.mark.parametrize("line", ["", "a+b+c", "strongroom/x+00000000+" + KEY.public.line.rpartition("+")[2]])
def test_damaged_key_line_is_refused(line):
    with pytest.raises(BadNote):
        PublicKey.parse(line)
    with pytest.raises(BadNote):
        SigningKey.parse(f"PRIVATE+KEY+{line}")


def test_secret_does_not_show_in_messages():
    assert KEY.seed.hex() not in repr(KEY)


@pytest.mark.parametrize("text", ["", "a\n", "a\n\nno dash\n", "a\n\n— name !!!\n", "a\n\n— name AAAA"])
def test_damaged_note_is_refused(text):
    with pytest.raises(BadNote):
        Note.parse(text)
