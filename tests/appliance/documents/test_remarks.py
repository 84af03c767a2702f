"""What reading remarked is told to the clerk in sentences, on the screen of the review too."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from appliance.documents.remarks import MILD, SERIOUS, Remark, remarks_of
from extraction.errors import PageTooLarge, UnknownFormat
from extraction.read.messages import FINDINGS


def test_every_finding_of_the_reading_process_has_a_sentence() -> None:
    assert MILD.keys() | SERIOUS.keys() >= FINDINGS


def test_pages_that_were_given_up_are_named_with_the_reason() -> None:
    findings = ["javascript_ignored", "page_unreadable:2:page_too_large", "page_unreadable:5:page_too_large"]
    assert remarks_of(findings) == (
        Remark(f"Pages 2, 5 could not be read. {PageTooLarge.sentence}", True),
        Remark(MILD["javascript_ignored"], False),
    )


def test_many_pages_are_not_all_named() -> None:
    (remark,) = remarks_of([f"page_unreadable:{number}:broken_file" for number in range(1, 40)])
    assert remark.sentence.startswith("Pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 27 more could not be read.")


def test_an_attachment_that_was_refused_is_told() -> None:
    assert remarks_of(["attachment_refused:unknown_format"]) == (
        Remark(f"An attachment was not taken in. {UnknownFormat.sentence}", True),
    )


@pytest.mark.parametrize("findings", [[], ["nobody_knows_this_code"]], ids=["none", "unknown"])
def test_nothing_is_said_where_there_is_nothing_to_say(findings: list[str]) -> None:
    assert remarks_of(findings) == ()


def test_a_template_shows_them() -> None:
    template = Template("{% load remarks %}{% for one in findings|remarks %}{{ one.sentence }}{% endfor %}")
    shown = template.render(Context({"findings": ["page_unreadable:3:reader_crashed"]}))
    assert shown.startswith("Page 3 could not be read. The reader stopped")
