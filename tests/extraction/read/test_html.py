from __future__ import annotations

from extraction.read.html import html_lines, open_html
from extraction.read.limits import Limits
from tests import samples


def _lines(html: str) -> list[str]:
    return html_lines(html, Limits())[0]


def test_a_page_is_read_as_its_text_with_table_rows_on_lines() -> None:
    opened = open_html(samples.page_html(), Limits())
    (page,) = opened.pages
    assert page.words is not None
    words = [word.text for word in page.words]
    assert " ".join(words) == "Order 4711 Deliver to: Mason & Sons Item Qty Price Hinge 12 3.50"
    assert opened.findings == ["scripts_ignored", "remote_content_ignored"]


def test_scripts_and_styles_leave_no_text() -> None:
    assert _lines("<body>a<script>b</script><style>c</style><noscript>d</noscript><template>e</template></body>") == [
        "a"
    ]


def test_a_page_without_scripts_has_nothing_to_remark() -> None:
    assert html_lines("<p>plain</p>", Limits()) == (["plain"], [])


def test_blocks_and_breaks_end_lines_and_inline_marks_do_not() -> None:
    assert _lines("<div>one <b>bold</b> word<br>two<p>three</p>four</div>") == ["one bold word", "two", "three", "four"]


def test_entities_are_resolved_and_blanks_collapsed() -> None:
    assert _lines("<p>Mason &amp;\n   Sons&nbsp;Ltd &lt;b&gt;</p>") == ["Mason & Sons Ltd <b>"]


def test_a_table_within_a_layout_table_keeps_its_rows() -> None:
    inner = "<table><tr><td>Total</td><td>9.00</td></tr></table>"
    assert _lines(f"<table><tr><td>Left</td><td>{inner}</td></tr></table>") == ["Left", "Total  9.00"]


def test_preformatted_text_keeps_its_columns() -> None:
    assert _lines("<pre>a    b\nc    d</pre>") == ["a    b", "c    d"]


def test_markup_nested_thousands_deep_is_read() -> None:
    assert _lines("<div>" * 5_000 + "deep") == ["deep"]


def test_a_page_of_nothing_has_no_lines() -> None:
    assert _lines("") == []
