"""From rows to a schema, or to the problems that keep it from being one, each with the control where to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from appliance.document_types.editor.state import EditorState, FieldRow, RuleRow
from extraction.schema import DocumentTypeSpec, Kind

NAME_HINT = "Use letters, digits and _ only, and begin with a letter."


@dataclass(frozen=True, slots=True)
class Problem:
    """`control` is the id of the input to mend, `where` names it for people."""

    control: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Either a schema or at least one problem."""

    spec: DocumentTypeSpec | None
    problems: tuple[Problem, ...]

    @property
    def by_control(self) -> dict[str, str]:
        return {problem.control: problem.sentence for problem in reversed(self.problems)}


@dataclass(slots=True)
class _Node:
    index: int
    row: FieldRow
    inside: list[_Node]


def check(state: EditorState) -> Checked:
    roots = _tree(state.fields)
    found = [*_field_problems(roots), *_rule_problems(state.rules)]
    try:
        spec = DocumentTypeSpec.model_validate(_raw(state, roots))
    except ValidationError as error:
        found += _further_problems(error, found, roots, state)
        return Checked(None, _in_page_order(found))
    return Checked(None if found else spec, _in_page_order(found))


def _further_problems(
    error: ValidationError, found: list[Problem], roots: list[_Node], state: EditorState
) -> Iterator[Problem]:
    """The library's problems, less those that we have said in our words already."""
    said = {problem.control.rsplit("-", 1)[0] for problem in found}
    for entry in error.errors():
        follows_from_rows = (entry["loc"] == ("fields",) and roots) or (entry["loc"] == () and found)
        problem = _problem(entry, roots, state)
        if not follows_from_rows and problem.control.rsplit("-", 1)[0] not in said:
            yield problem


def _tree(rows: tuple[FieldRow, ...]) -> list[_Node]:
    roots: list[_Node] = []
    open_nodes: list[_Node] = []
    for index, row in enumerate(rows):
        node = _Node(index, row, [])
        del open_nodes[row.depth :]
        (open_nodes[-1].inside if open_nodes else roots).append(node)
        open_nodes.append(node)
    return roots


def _raw(state: EditorState, roots: list[_Node]) -> dict[str, Any]:
    return {
        "name": state.name,
        "label": state.label,
        "description": state.description,
        "languages": [code.strip() for code in state.languages.split(",") if code.strip()] or ["en"],
        "date_order": state.date_order,
        "fields": [_raw_field(node) for node in roots],
        "rules": [_raw_rule(rule) for rule in state.rules],
    }


def _raw_field(node: _Node) -> dict[str, Any]:
    row = node.row
    return {
        "name": row.name,
        "label": row.label,
        "description": row.description,
        "kind": row.kind,
        "required": row.required,
        "many": row.many and row.can_repeat,
        "options": _options(row) if row.kind == Kind.ENUM else [],
        "normal_form": row.normal_form,
        "fields": [_raw_field(inner) for inner in node.inside],
    }


def _raw_rule(rule: RuleRow) -> dict[str, Any]:
    rows, _, part = rule.source.partition(".")
    tolerance = rule.tolerance.strip() or "0"
    raw: dict[str, dict[str, Any]] = {
        "sum": {"rows": rows, "part": part, "total": rule.total, "tolerance": tolerance},
        "add": {"parts": rule.parts, "total": rule.total, "tolerance": tolerance},
        "order": {"earlier": rule.earlier, "later": rule.later},
        "checksum": {"field": rule.field, "scheme": rule.scheme},
    }
    return {"rule": rule.rule, **raw.get(rule.rule, {})}


def _options(row: FieldRow) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in row.options.splitlines() if line.strip()))


def _field_problems(nodes: list[_Node]) -> Iterator[Problem]:
    names = Counter(node.row.name for node in nodes)
    for node in nodes:
        row, where = node.row, _where(node)
        if row.name and names[row.name] > 1:
            yield Problem(f"field-{node.index}-name", where, "Another field beside it has the same name.")
        if row.kind == Kind.ENUM and not _options(row):
            yield Problem(f"field-{node.index}-options", where, "Write at least one option.")
        if row.holds_fields and not node.inside:
            yield Problem(f"field-{node.index}-kind", where, "Add at least one field inside it.")
        if node.inside and not row.holds_fields:
            yield Problem(
                f"field-{node.index}-kind",
                where,
                "Only groups and line items hold fields: choose one of them, or remove the fields inside.",
            )
        yield from _field_problems(node.inside)


def _rule_problems(rules: tuple[RuleRow, ...]) -> Iterator[Problem]:
    wanted = {
        "sum": ("source", "total"),
        "add": ("total",),
        "order": ("earlier", "later"),
        "checksum": ("field", "scheme"),
    }
    for index, rule in enumerate(rules):
        where = f"Rule {index + 1}"
        for control in wanted.get(rule.rule, ()):
            if not getattr(rule, control):
                yield Problem(f"rule-{index}-{control}", where, "Choose a field.")
        if rule.rule == "add" and len(rule.parts) < 2:
            yield Problem(f"rule-{index}-parts-0", where, "Choose at least two fields to add up.")


def _where(node: _Node) -> str:
    return f"Field {node.index + 1} ({node.row.title})"


def _problem(error: Any, roots: list[_Node], state: EditorState) -> Problem:
    """One of pydantic's errors, in our words where we know better, at the control of its place."""
    loc = list(error["loc"])
    sentence = str(error["msg"]).removeprefix("Value error, ")
    match loc:
        case ["fields", int(), *_]:
            node, rest = _node_at(loc, roots)
            control = str(rest[0]) if rest else "name"
            return Problem(f"field-{node.index}-{control}", _where(node), _words(control, sentence))
        case ["rules", int(index), *rest]:
            last = str(rest[-1]) if rest else "rule"
            control = {"rows": "source", "part": "source", "parts": "parts-0"}.get(last, last)
            return Problem(f"rule-{index}-{control}", f"Rule {index + 1}", _words(control, sentence))
        case [str(control), *_] if control != "fields":
            return Problem(control, control.replace("_", " ").capitalize(), _words(control, sentence))
        case ["fields"]:
            return Problem("add-field", "Fields", "A document type needs at least one field.")
    return Problem(_control_of_rule(sentence, state), "Document type", _capital(sentence))


def _node_at(loc: list[Any], roots: list[_Node]) -> tuple[_Node, list[Any]]:
    nodes, node = roots, roots[0]
    while len(loc) >= 2 and loc[0] == "fields" and isinstance(loc[1], int):
        node = nodes[loc[1]]
        nodes, loc = node.inside, loc[2:]
    return node, loc


def _control_of_rule(sentence: str, state: EditorState) -> str:
    """The whole-type checks name a rule by its kind: lead to the first rule of that kind."""
    kind = sentence.removeprefix("rule ").partition(":")[0]
    return next((f"rule-{i}-rule" for i, rule in enumerate(state.rules) if rule.rule == kind), "add-field")


def _words(control: str, sentence: str) -> str:
    if control == "name":
        return NAME_HINT
    if control == "languages":
        return "Write two-letter codes with commas between, e.g. en, de."
    return _capital(sentence)


def _capital(sentence: str) -> str:
    text = sentence[:1].upper() + sentence[1:]
    return text if text.endswith(".") else text + "."


def _in_page_order(problems: list[Problem]) -> tuple[Problem, ...]:
    def place(problem: Problem) -> tuple[int, int]:
        section, _, rest = problem.control.partition("-")
        number = rest.partition("-")[0]
        return ({"field": 1, "rule": 2, "add": 3}.get(section, 0), int(number) if number.isdecimal() else 0)

    return tuple(sorted(problems, key=place))
