"""The results on disk: one JSON file, merged set by set, so that a part can be run again."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from bench.accuracy.score import Figures

Results = dict[str, Any]


def load(path: Path) -> Results:
    """Empty results where there is no file."""
    if not path.exists():
        return {"sets": {}}
    loaded: Results = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def save(results: Results, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def put(results: Results, name: str, figures: Figures) -> None:
    """Adds columns to a set; those that were not measured now stay as they are."""
    results["sets"].setdefault(name, {}).update(figures)


def main_figures(results: Results) -> dict[str, Any]:
    """What the command prints as its last line: F1 and the other main shares of every set and column."""
    return {
        name: {column: _main(figures) for column, figures in columns.items() if isinstance(figures, dict)}
        for name, columns in results["sets"].items()
    }


def machine(threads: int) -> str:
    """In words for the page: no name of a host."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {threads} threads for the model, {platform.system()}"


def _main(figures: Figures) -> dict[str, Any]:
    kept = ("documents", "f1", "f1_exact", "values_right", "nulls_right", "invented", "seconds_per_document")
    return {name: figures[name] for name in kept if figures.get(name) is not None}
