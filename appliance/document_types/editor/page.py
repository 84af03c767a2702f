"""The editor as its template needs it: rows and rules with their choices, errors and what their buttons may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.document_types.editor.check import Checked, Problem, check
from appliance.document_types.editor.moves import sibling_after, sibling_before
from appliance.document_types.editor.state import EditorState, FieldRow, RuleRow
from appliance.document_types.words import DATE_ORDERS, KINDS, NORMAL_FORMS, RULES, SCHEMES
from extraction.schema import MAX_DEPTH, Kind

Choices = tuple[tuple[str, str], ...]

_INNER_KINDS = (Kind.GROUP, Kind.LIST)
_DERIVED_KINDS = ("text", "identifier")


@dataclass(frozen=True, slots=True)
class RowView:
    index: int
    row: FieldRow
    errors: Mapping[str, str]
    kinds: Choices
    can_up: bool
    can_down: bool
    can_add: bool

    @property
    def shows_normal_form(self) -> bool:
        return self.row.kind in _DERIVED_KINDS or bool(self.row.normal_form)


@dataclass(frozen=True, slots=True)
class RuleView:
    """`sources`, `amounts`, `dates` and `texts` are the fields to choose from, and what is chosen but gone."""

    index: int
    rule: RuleRow
    title: str
    errors: Mapping[str, str]
    sources: Choices
    amounts: Choices
    dates: Choices
    texts: Choices


@dataclass(frozen=True, slots=True)
class EditorPage:
    """`focus` is the id of the control that gets the focus, `said` what a screen reader hears."""

    state: EditorState
    checked: Checked
    rows: tuple[RowView, ...]
    rules: tuple[RuleView, ...]
    problems: tuple[Problem, ...]
    errors: Mapping[str, str]
    focus: str = ""
    said: str = ""
    normal_forms: Choices = tuple((form.value, words) for form, words in NORMAL_FORMS.items())
    date_orders: Choices = tuple(DATE_ORDERS.items())
    schemes: Choices = tuple(SCHEMES.items())
    rule_kinds: Choices = tuple(RULES.items())


def page_of(state: EditorState, *, show_problems: bool, focus: str = "", said: str = "") -> EditorPage:
    """`show_problems` is off while somebody still builds: an empty new row is no mistake yet."""
    checked = check(state)
    shown = checked.problems if show_problems else ()
    errors = checked.by_control if show_problems else {}
    return EditorPage(
        state=state,
        checked=checked,
        rows=tuple(_row_view(state, index, errors) for index in range(len(state.fields))),
        rules=tuple(_rule_view(state, index, errors) for index in range(len(state.rules))),
        problems=shown,
        errors=errors,
        focus=focus,
        said=said,
    )


def _row_view(state: EditorState, index: int, errors: Mapping[str, str]) -> RowView:
    row = state.fields[index]
    may_hold = row.depth + 1 < MAX_DEPTH
    return RowView(
        index=index,
        row=row,
        errors=_errors_under(f"field-{index}-", errors),
        kinds=tuple((kind.value, words) for kind, words in KINDS.items() if may_hold or kind not in _INNER_KINDS),
        can_up=sibling_before(state.fields, index) is not None,
        can_down=sibling_after(state.fields, index) is not None,
        can_add=may_hold and row.holds_fields,
    )


def _rule_view(state: EditorState, index: int, errors: Mapping[str, str]) -> RuleView:
    rule = state.rules[index]
    top = [row for row in state.fields if row.depth == 0 and row.name and not row.many]
    return RuleView(
        index=index,
        rule=rule,
        title=RULES.get(rule.rule, "Rule"),
        errors=_errors_under(f"rule-{index}-", errors),
        sources=_with_gone(_sources(state), rule.source),
        amounts=_with_gone(_of_kind(top, "amount", "number"), rule.total, *rule.parts),
        dates=_with_gone(_of_kind(top, "date"), rule.earlier, rule.later),
        texts=_with_gone(_of_kind(top, "identifier", "text"), rule.field),
    )


def _sources(state: EditorState) -> Choices:
    """Every amount or number inside a list of the first level, as "list.part"."""
    found: list[tuple[str, str]] = []
    parent = FieldRow()
    for row in state.fields:
        parent = row if row.depth == 0 else parent
        if row.depth == 1 and parent.kind == Kind.LIST and row.kind in (Kind.AMOUNT, Kind.NUMBER):
            found.append((f"{parent.name}.{row.name}", f"{parent.title}: {row.title}"))
    return tuple(found)


def _of_kind(rows: list[FieldRow], *kinds: str) -> Choices:
    return tuple((row.name, row.title) for row in rows if row.kind in kinds)


def _with_gone(choices: Choices, *chosen: str) -> Choices:
    """What is chosen but fits no more stays to be seen: a form must not choose something else by itself."""
    known = {value for value, _ in choices}
    return (*choices, *((name, f"{name} (does not fit)") for name in chosen if name and name not in known))


def _errors_under(prefix: str, errors: Mapping[str, str]) -> dict[str, str]:
    return {
        control.removeprefix(prefix).replace("-", "_"): sentence
        for control, sentence in errors.items()
        if control.startswith(prefix)
    }
