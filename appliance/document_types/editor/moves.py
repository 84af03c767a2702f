"""What the buttons of the editor do: each takes a state and gives the next one, with the control to focus then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.document_types.editor.state import MAX_ROWS, MAX_RULES, EditorState, FieldRow, RuleRow
from extraction.schema import MAX_DEPTH

RULE_KINDS = ("sum", "add", "order", "checksum")


@dataclass(frozen=True, slots=True)
class Moved:
    """`focus` is the id of a control; `said` is a sentence for people who do not see the page."""

    state: EditorState
    focus: str = ""
    said: str = ""


def move(state: EditorState, action: str) -> Moved:
    """`action` is a button's value: "add", "add-in:3", "remove:3", "up:3", "down:3", "add-rule:sum", "remove-rule:0".

    Anything else, or a row that is not there, leaves the state as it is.
    """
    verb, _, argument = action.partition(":")
    if verb == "add-rule" and argument in RULE_KINDS:
        return _add_rule(state, argument)
    if verb == "add":
        return _insert(state, len(state.fields), 0)
    index = int(argument) if argument.isdecimal() else -1
    if verb == "remove-rule" and 0 <= index < len(state.rules):
        return _remove_rule(state, index)
    if not 0 <= index < len(state.fields):
        return Moved(state)
    match verb:
        case "add-in":
            return _add_inside(state, index)
        case "remove":
            return _remove(state, index)
        case "up":
            return _up(state, index)
        case "down":
            return _down(state, index)
    return Moved(state)


def end_of(rows: tuple[FieldRow, ...], index: int) -> int:
    """Index behind the row and everything inside it."""
    end = index + 1
    while end < len(rows) and rows[end].depth > rows[index].depth:
        end += 1
    return end


def sibling_before(rows: tuple[FieldRow, ...], index: int) -> int | None:
    for i in range(index - 1, -1, -1):
        if rows[i].depth <= rows[index].depth:
            return i if rows[i].depth == rows[index].depth else None
    return None


def sibling_after(rows: tuple[FieldRow, ...], index: int) -> int | None:
    end = end_of(rows, index)
    return end if end < len(rows) and rows[end].depth == rows[index].depth else None


def _insert(state: EditorState, at: int, depth: int) -> Moved:
    if len(state.fields) >= MAX_ROWS:
        return Moved(state, said="There are too many fields already.")
    rows = (*state.fields[:at], FieldRow(depth=depth), *state.fields[at:])
    return Moved(replace(state, fields=rows), f"field-{at}-label", "A field was added.")


def _add_inside(state: EditorState, index: int) -> Moved:
    depth = state.fields[index].depth + 1
    return _insert(state, end_of(state.fields, index), depth) if depth < MAX_DEPTH else Moved(state)


def _remove(state: EditorState, index: int) -> Moved:
    rows = state.fields
    left = (*rows[:index], *rows[end_of(rows, index) :])
    focus = f"field-{min(index, len(left) - 1)}-name" if left else "add-field"
    return Moved(replace(state, fields=left), focus, f"{rows[index].title} was removed.")


def _up(state: EditorState, index: int) -> Moved:
    before = sibling_before(state.fields, index)
    if before is None:
        return Moved(state, f"field-{index}-name", f"{state.fields[index].title} is first already.")
    moved = _swapped(state, before, index)
    button = "up" if sibling_before(moved.fields, before) is not None else "down"
    return Moved(moved, f"field-{before}-{button}", f"{state.fields[index].title} was moved up.")


def _down(state: EditorState, index: int) -> Moved:
    after = sibling_after(state.fields, index)
    if after is None:
        return Moved(state, f"field-{index}-name", f"{state.fields[index].title} is last already.")
    moved = _swapped(state, index, after)
    place = index + end_of(state.fields, after) - after
    button = "down" if sibling_after(moved.fields, place) is not None else "up"
    return Moved(moved, f"field-{place}-{button}", f"{state.fields[index].title} was moved down.")


def _swapped(state: EditorState, first: int, second: int) -> EditorState:
    """Two neighbours of one depth change places, each with what is inside it."""
    rows, end = state.fields, end_of(state.fields, second)
    return replace(state, fields=(*rows[:first], *rows[second:end], *rows[first:second], *rows[end:]))


def _add_rule(state: EditorState, kind: str) -> Moved:
    if len(state.rules) >= MAX_RULES:
        return Moved(state, said="There are too many rules already.")
    first = {"sum": "source", "add": "parts-0", "order": "earlier", "checksum": "field"}[kind]
    focus = f"rule-{len(state.rules)}-{first}"
    return Moved(replace(state, rules=(*state.rules, RuleRow(kind))), focus, "A rule was added.")


def _remove_rule(state: EditorState, index: int) -> Moved:
    left = (*state.rules[:index], *state.rules[index + 1 :])
    return Moved(replace(state, rules=left), "add-rule-sum", "The rule was removed.")
