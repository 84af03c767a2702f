"""HTML as text: never run, never rendered, nothing fetched. A table row becomes one line with column gaps."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extraction.read.limits import Limits
from extraction.read.messages import Opened
from extraction.read.text import decode
from extraction.read.typeset import table_lines, typeset

DROPPED = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object", "embed")
SCRIPTED = "script, iframe, object, embed"
REMOTE = "img[src^=http], link[href^=http], iframe[src^=http]"
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)


def open_html(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises BrokenFile when the bytes are no text, or TooManyPages."""
    lines, findings = html_lines(decode(untrusted_content), limits)
    count, pages = typeset(lines, limits)
    return Opened("text/html", count, pages, findings)


def html_lines(untrusted_html: str, limits: Limits) -> tuple[list[str], list[str]]:
    """The text of a page as lines, and the codes of what was left aside."""
    tree = LexborHTMLParser(untrusted_html)
    findings = []
    if tree.css_first(SCRIPTED) is not None:
        findings.append("scripts_ignored")
    if tree.css_first(REMOTE) is not None:
        findings.append("remote_content_ignored")
    tree.strip_tags(list(DROPPED))
    writer = _Writer(limits.nesting)
    if tree.body is not None:
        writer.write(tree.body, 0)
    return writer.finished(), findings


class _Writer:
    """Collects lines while it walks the tree. Deeper than `nesting`, an element's text is taken in one piece."""

    def __init__(self, nesting: int) -> None:
        self._nesting = nesting
        self._lines: list[str] = []
        self._line: list[str] = []

    def finished(self) -> list[str]:
        self._end_line()
        return self._lines

    def write(self, node: LexborNode, depth: int) -> None:
        if node.tag == "-text":
            self._line.append(node.text_content or "")
        elif node.tag == "br":
            self._end_line()
        elif node.tag == "table" and not node.css("table table"):
            self._write_table(node)
        elif node.tag == "pre":
            self._write_preformatted(node)
        elif depth >= self._nesting:
            self._line.append(node.text(deep=True, separator=" "))
        else:
            self._write_children(node, depth)

    def _write_children(self, node: LexborNode, depth: int) -> None:
        block = node.tag in BLOCKS
        if block:
            self._end_line()
        for child in node.iter(include_text=True):
            self.write(child, depth + 1)
        if block:
            self._end_line()
        elif node.tag in ("td", "th"):
            self._line.append("\t")

    def _write_table(self, table: LexborNode) -> None:
        self._end_line()
        rows = [
            [cell.text(deep=True, separator=" ") for cell in row.iter() if cell.tag in ("td", "th")]
            for row in table.css("tr")
        ]
        self._lines.extend(table_lines(rows))

    def _write_preformatted(self, node: LexborNode) -> None:
        self._end_line()
        self._lines.extend(node.text(deep=True).split("\n"))

    def _end_line(self) -> None:
        cells = ("".join(self._line)).split("\t") if "\t" in self._line else ["".join(self._line)]
        line = "  ".join(filter(None, (" ".join(cell.split()) for cell in cells)))
        self._line = []
        if line:
            self._lines.append(line)
