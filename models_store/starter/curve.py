"""Draws a training run: loss and held-out scores over the tokens seen.

python -m models_store.starter.curve var/starter/log.jsonl docs/training.svg
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path, help="log.jsonl of a run's folder")
    parser.add_argument("picture", type=Path, help=".svg or .png")
    settings = parser.parse_args()
    draw(read_log(settings.log), settings.picture)
    print(settings.picture)


def read_log(path: Path) -> list[Entry]:
    """The entries of a run, in order. Raises ValueError where there is none."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if not entries:
        raise ValueError(f"{path} holds no entry yet")
    return entries


def curves(entries: list[Entry], what: str) -> dict[str, list[tuple[float, float]]]:
    """By exam, (million tokens, share right) of "values" or "nulls"; exams without such a value are left out."""
    found: dict[str, list[tuple[float, float]]] = {}
    for entry in entries:
        for name, score in entry["scores"].items():
            if score[what]:
                found.setdefault(name, []).append((entry["tokens"] / 1e6, score[f"{what}_right"]))
    return found


def draw(entries: list[Entry], picture: Path) -> None:
    """Three plots beside each other: loss, values right, nulls right."""
    # Imported here: only this command draws, and reading a log needs no plotting library.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4.8), layout="constrained")
    loss, values, nulls = figure.subplots(1, 3)
    told = [(entry["tokens"] / 1e6, entry["loss"]) for entry in entries if entry["loss"]]
    loss.plot(*zip(*told, strict=True), color="black")
    loss.set_title("training loss of the answers")
    exams = list(dict.fromkeys(name for entry in entries for name in entry["scores"]))
    for axes, what, title in ((values, "values", "held-out values right"), (nulls, "nulls", "held-out nulls right")):
        for name, points in curves(entries, what).items():
            axes.plot(*zip(*points, strict=True), label=name, marker=".", color=f"C{exams.index(name)}")
        axes.set_ylim(0, 1)
        axes.set_title(title)
    figure.legend(*values.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    for axes in (loss, values, nulls):
        axes.set_xlabel("million tokens")
        axes.grid(alpha=0.3)
    figure.savefig(picture)


if __name__ == "__main__":
    main()
