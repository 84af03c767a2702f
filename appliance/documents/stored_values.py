"""Extracted values between the library's records and rows.

path    "line_items[0].amount"
regions [[page, left, top, right, bottom], ...]
reasons [{"code": ..., "sentence": ...}, ...]      alternatives [{"normal": ..., "rule": ...}, ...]
issues  [{"code": ..., "sentence": ..., "paths": ["total", ...]}, ...]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from appliance.documents import models as rows
from appliance.documents.stored_pages import DIGITS
from extraction.records import Box, FieldValue, Issue, Reading, Reason, Region, ValuePath

_PART = re.compile(r"([A-Za-z][A-Za-z0-9_]*)|\[(\d+)\]")


def path_text(path: ValuePath) -> str:
    """("line_items", 0, "amount") -> "line_items[0].amount"."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def parse_path(text: str) -> ValuePath:
    return tuple(name or int(index) for name, index in _PART.findall(text))


def regions_json(regions: Iterable[Region]) -> list[list[float]]:
    return [
        [r.page, *(round(side, DIGITS) for side in (r.box.left, r.box.top, r.box.right, r.box.bottom))] for r in regions
    ]


def load_regions(stored: Sequence[Sequence[float]]) -> tuple[Region, ...]:
    return tuple(Region(int(page), Box(*sides)) for page, *sides in stored)


def readings_json(readings: Iterable[Reading]) -> list[dict[str, str]]:
    return [{"normal": reading.normal, "rule": reading.rule} for reading in readings]


def load_readings(stored: Iterable[dict[str, str]]) -> tuple[Reading, ...]:
    return tuple(Reading(item["normal"], item["rule"]) for item in stored)


def reasons_json(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"code": reason.code, "sentence": reason.sentence} for reason in reasons]


def load_reasons(stored: Iterable[dict[str, str]]) -> tuple[Reason, ...]:
    return tuple(Reason(item["code"], item["sentence"]) for item in stored)


def issues_json(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    return [
        {"code": issue.code, "sentence": issue.sentence, "paths": [path_text(path) for path in issue.paths]}
        for issue in issues
    ]


def value_row(extraction: rows.Extraction, position: int, value: FieldValue) -> rows.FieldValue:
    return rows.FieldValue(
        extraction=extraction,
        position=position,
        path=path_text(value.path),
        raw=value.raw,
        normal=value.reading.normal if value.reading else "",
        rule=value.reading.rule if value.reading else "",
        alternatives=readings_json(value.alternatives),
        span_start=value.span.start if value.span else None,
        span_end=value.span.end if value.span else None,
        regions=regions_json(value.regions),
        occurrences=value.occurrences,
        confidence=value.confidence,
        ocr_confidence=value.ocr_confidence,
        reasons=reasons_json(value.reasons),
    )


def count_to_check(stored: rows.Extraction) -> int:
    """Fields with a reason to look at them: their own, or a broken rule that names them."""
    doubtful = {value.path for value in stored.values.all() if value.reasons}
    return len(doubtful.union(*(issue["paths"] for issue in stored.issues)))
