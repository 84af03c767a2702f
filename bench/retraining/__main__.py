"""The whole loop of learning on a box of its own: upload, reading, extraction, review, snapshot, training, measuring,
verdict, promotion by two persons, and back.

    python -m bench.retraining [--documents 200]                                     slips that this repository makes up
    python -m bench.retraining --labels FILE [--files DIR] [--schema FILE] [--documents N]

Labels as `extraction.labels` reads them; files are relative to --files, or to the folder of the labels; the schema is
the one that the labels name, or `schema.json` there; without one the type is made of the labelled fields. The last line
is one JSON object: F1 on the frozen test part of the model in force before and of the candidate after, with intervals
of 95 %, minutes of the run, F1 of each quantization as a share of full precision, and the verdict of the gate.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from bench.retraining.box import running_box
from bench.retraining.corpus import Corpus, labelled, made_up


def main() -> None:
    wanted = _arguments()
    corpus = _corpus(wanted)
    with tempfile.TemporaryDirectory(prefix="strongroom-retraining-") as folder, running_box(Path(folder)):
        # Django is set up only now.
        from bench.retraining.loop import Asked, Loop

        asked = Asked(
            preset=wanted.preset, quantizations=tuple(wanted.quantizations.split(",")), minutes=wanted.minutes
        )
        figures = Loop(corpus, _say).run(asked)
        _say(json.dumps(figures))


def _corpus(wanted: argparse.Namespace) -> Corpus:
    if wanted.labels is None:
        return made_up(wanted.documents or 200)
    return labelled(wanted.labels, wanted.files or wanted.labels.parent, wanted.schema, limit=wanted.documents)


def _say(line: str) -> None:
    print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--schema", type=Path)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--preset", default="quick", choices=("quick", "thorough"))
    parser.add_argument("--quantizations", default="Q8_0,Q6_K,Q5_K_M,Q4_K_M,Q4_0,Q3_K_M,Q2_K,adapter")
    parser.add_argument("--minutes", type=float, default=0, help="limit of the training itself")
    return parser.parse_args()


if __name__ == "__main__":
    main()
