"""Asks a model about one window. Usually one question; one more for what stands behind a list that ran away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extraction.decode import RawValue, read_answer
from extraction.grammar import build_grammar
from extraction.language_model import LanguageModel, Limits
from extraction.prompt import render
from extraction.records import ValuePath
from extraction.runaway import RepeatWatch, without_surplus_rows
from extraction.schema import DocumentTypeSpec
from extraction.windows import Window

_LEAST_ANSWER_TOKENS = 1024


def ask(model: LanguageModel, part: DocumentTypeSpec, window: Window, flat_text: str) -> tuple[RawValue, ...]:
    """The raw values of one window. When an answer ends inside a list, its rows are kept and the fields behind it are
    asked again without it.

    Raises DecodingFailed when the model gives no answer at all.
    """
    text = flat_text[window.span.start : window.span.end]
    values: dict[ValuePath, RawValue] = {}
    question = part
    while question.fields:
        limits = Limits(max(_LEAST_ANSWER_TOKENS, model.context_tokens), RepeatWatch(question.fields, text))
        grammar = build_grammar(question, text, lines=window.lines)
        generation = model.generate(render(question, window.pages), grammar, limits=limits)
        answer = read_answer(generation, question.fields)
        found = answer.values if generation.finished else _end_marked(without_surplus_rows(answer.values, text))
        values |= {value.path: value for value in found if value.path not in values or not value.is_cut}
        question = question.model_copy(update={"fields": answer.rest, "rules": ()})
    return tuple(values.values())


def _end_marked(values: Sequence[RawValue]) -> list[RawValue]:
    """Marks the last value found as cut when it is one of a list: rows may be missing behind it."""
    last = max((number for number, value in enumerate(values) if value.raw is not None), default=-1)
    ends_in_list = last >= 0 and any(isinstance(part, int) for part in values[last].path)
    return [replace(v, is_cut=True) if ends_in_list and n == last else v for n, v in enumerate(values)]
