"""docs/model.md out of the results. The same results give the same page, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from bench.accuracy.quantizations import FULL, retention
from bench.accuracy.results import Results
from bench.accuracy.sets import FACTORY, SETS, LabelledSet

_TEMPLATE = Path(__file__).with_name("page.md")
_COLUMNS = {
    "floor": "floor",
    "zero_shot": "zero-shot",
    "shipped_unseen": "shipped, new senders",
    "shipped_known": "shipped, known",
    "tuned_unseen": "tuned, new senders",
    "tuned_known": "tuned, known",
}
_GOALS = {"zero_shot": "f1", "tuned_unseen": "tuned_unseen", "tuned_known": "tuned_known"}
_NOTHING = "–"
_COMMANDS = (
    "make eval SETS=DIR",
    "make eval SETS=DIR ARGS=--tuned",
    'make eval SETS=DIR ARGS="--quantizations --only factory-unseen,sroie --limit 100"',
)
Figures = dict[str, Any]


def write_page(results: Results, path: Path) -> None:
    path.write_text(page(results), encoding="utf-8")


def page(results: Results) -> str:
    """In Markdown."""
    card = results["card"]
    here = [one for one in SETS if one.name in results["sets"]]
    gone = [one.title for one in SETS if one.name not in results["sets"]]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        what=_what(card),
        intended=card.get("intended_use", _NOTHING),
        data=card.get("data", _NOTHING),
        limits="\n".join(f"- {line}" for line in _as_list(card["limits"])),
        main=_table(["set", *_COLUMNS.values()], [_main_row(one, results["sets"][one.name]) for one in here]),
        older=_older(here, results),
        missing=f"Not measured here: {'; '.join(gone)}.\n\n" if gone else "",
        apart=_table(["set", "answers", "values", "nulls", "goal"], _rows(here, results, _apart_cells)),
        notes="".join(f"{one.title}: {one.note}\n\n" for one in here if one.note),
        promises=_table(
            ["set", "answers", "verbatim", "schema-valid", "refused", "reading, s", "asking, s"],
            _rows(here, results, _promise_cells),
        ),
        machine=results["machine"],
        quantizations=_quantizations(results.get("quantizations", {})),
        fields="".join(_fields(one, results["sets"][one.name]) for one in here),
        commands="\n".join(_COMMANDS),
    )


def _what(card: Figures) -> str:
    size = f"{card['parameters'] / 1e6:.1f} million parameters, {card['quantization']}"
    return f"{size}, digest `{card['digest'][:16]}`, made for {card['context_tokens']} tokens at once."


def _main_row(one: LabelledSet, columns: Figures) -> list[str]:
    if one.name == FACTORY:
        return [one.title, *(_f1(columns.get(name), None) for name in _COLUMNS)]
    return [one.title, *(_f1(columns.get(name), one.goals.get(_GOALS.get(name, ""))) for name in _COLUMNS)]


def _older(here: Sequence[LabelledSet], results: Results) -> str:
    """Rows whose figures were taken with other weights than those of the card."""
    current = results["card"]["digest"]
    asked = ((one.title, results["sets"][one.name].get("zero_shot", {}).get("model", current)) for one in here)
    other = [f"{title} (`{digest[:16]}`)" for title, digest in asked if digest != current]
    return f"Zero-shot figures of an earlier release: {'; '.join(other)}.\n\n" if other else ""


def _f1(figures: Figures | None, goal: float | None) -> str:
    """Figure, interval, number of documents and the goal, if there is one."""
    wanted = f", goal {goal:.2f}" if goal is not None else ""
    if not figures:
        return f"{_NOTHING}{wanted}"
    low, high = figures["f1_interval"]
    return f"**{figures['f1']:.3f}** ({low:.2f}–{high:.2f}; n={figures['documents']}{wanted})"


def _rows(here: Sequence[LabelledSet], results: Results, cells: Any) -> list[list[str]]:
    """A line for each set and column that was measured."""
    return [
        [one.title, title, *cells(one, column, results["sets"][one.name])]
        for one in here
        for column, title in _COLUMNS.items()
        if column in results["sets"][one.name]
    ]


def _apart_cells(one: LabelledSet, column: str, columns: Figures) -> list[str]:
    figures = columns[column]
    return [_share(figures, "values"), _share(figures, "nulls"), ", ".join(_apart_goals(one.goals, column))]


def _apart_goals(goals: Mapping[str, float], column: str) -> Iterator[str]:
    if column == "zero_shot":
        yield from (f"{name} {goals[name]:.2f}" for name in ("values", "nulls") if name in goals)
    invented = {"zero_shot": "invented", "tuned_unseen": "tuned_invented"}.get(column, "")
    if invented in goals:
        yield f"nulls {1 - goals[invented]:.2f}"


def _share(figures: Figures, name: str) -> str:
    if not figures[name]:
        return _NOTHING
    low, high = figures[f"{name}_interval"]
    return f"{figures[f'{name}_right']:.3f} ({low:.2f}–{high:.2f}; {figures[name]})"


def _promise_cells(one: LabelledSet, column: str, columns: Figures) -> list[str]:
    figures = columns[column]
    promises = [f"{figures[name]:.3f}" if name in figures else _NOTHING for name in ("verbatim", "schema_valid")]
    reading = f"{columns['reading_seconds']:.3f}" if column in ("floor", "zero_shot") else _NOTHING
    return [*promises, str(figures["refused"]), reading, f"{figures['seconds_per_document']:.3f}"]


def _quantizations(found: Figures) -> str:
    if not found:
        return "Not measured here."
    sets = list(found[FULL]["sets"])
    header = ["weights", "MB", *(f"{name}: F1, kept, s a document" for name in sets)]
    return _table(header, [[name, f"{one['megabytes']:.1f}", *_kept(found, name, sets)] for name, one in found.items()])


def _kept(found: Figures, name: str, sets: Sequence[str]) -> Iterator[str]:
    for of_set in sets:
        figures = found[name]["sets"][of_set]
        kept = retention(found, name, of_set)
        yield f"{figures['f1']:.3f}, {kept:.1%}, {figures['seconds_per_document']:.3f} (n={figures['documents']})"


def _fields(one: LabelledSet, columns: Figures) -> str:
    """A section that folds: every field with its numbers, of every column."""
    header = ["field", "answers", "values", "F1", "precision", "recall", "exact F1", "nulls kept empty"]
    rows = [
        [f"`{name}`", title, str(f["values"]), *_numbers(f), _share(f, "nulls")]
        for column, title in _COLUMNS.items()
        for name, f in sorted(columns.get(column, {}).get("fields", {}).items())
    ]
    return f"<details>\n<summary>{one.title}</summary>\n\n{_table(header, rows)}\n\n</details>\n\n"


def _numbers(figures: Figures) -> list[str]:
    low, high = figures["f1_interval"]
    names = ("precision", "recall", "f1_exact")
    return [f"{figures['f1']:.3f} ({low:.2f}–{high:.2f})", *(f"{figures[name]:.3f}" for name in names)]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _as_list(limits: str | list[str]) -> list[str]:
    return [limits] if isinstance(limits, str) else limits
