from __future__ import annotations

from extraction.pipeline import extract
from extraction.prompt import Mark, Prompt
from extraction.text_document import document_from_text
from extraction.transcript import Recorder, question_digest
from tests.extraction.example_types import one_field
from tests.extraction.fakes import scripted

RECEIPT = "ACME Ltd\nTotal 12.40"


def test_a_recorder_changes_nothing_and_remembers_each_answer() -> None:
    recorder = Recorder(scripted({"value": "ACME Ltd"}))
    found = extract(document_from_text(RECEIPT), one_field(), recorder)
    assert found == extract(document_from_text(RECEIPT), one_field(), scripted({"value": "ACME Ltd"}))
    (turn,) = recorder.turns
    assert (turn.answer, turn.finished) == (b'{"value":"ACME Ltd"}', True)
    assert turn.ends[-1] == len(turn.answer)


def test_the_same_document_is_the_same_question_and_another_word_is_another_one() -> None:
    def asked(text: str) -> str:
        recorder = Recorder(scripted({"value": None}))
        extract(document_from_text(text), one_field(), recorder)
        return recorder.turns[0].question

    assert asked(RECEIPT) == asked(RECEIPT)
    assert asked(RECEIPT) != asked(RECEIPT.replace("12.40", "12.50"))


def test_a_printed_mark_and_a_moved_border_are_other_questions() -> None:
    digests = {
        question_digest(Prompt(segments), grammar)
        for segments, grammar in [
            ((Mark.JSON, "ab"), "c"),
            ((str(Mark.JSON.value), "ab"), "c"),
            ((Mark.JSON, "a", "b"), "c"),
            ((Mark.JSON, "a"), "bc"),
        ]
    }
    assert len(digests) == 4
