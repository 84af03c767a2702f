"""Merged weights -> GGUF files. Prints a line of JSON for each finished step.

python -m models_store.quantizing MERGED OUT --name NAME --quantizations F16,Q8_0,Q4_K_M --converter DIR
    [--importance train.jsonl --type type.json]

A program that was killed goes on where it stood when the same command is given again. When it cannot go on it ends with
status 1 and says why in error.json in the folder where it was started.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from models_store.convert import Quantization
from models_store.durable import file_digest
from models_store.errors import ConversionFailed
from models_store.quantizing.failure import told
from models_store.quantizing.steps import Request, Weighing, make


def main() -> None:
    settings = _settings()
    with told():
        request = Request(
            merged=settings.merged,
            out=settings.out,
            name=settings.name,
            quantizations=_named(settings.quantizations),
            converter=settings.converter,
            threads=settings.threads,
        )
        for step in make(request, _weighing(settings)):
            sys.stdout.write(json.dumps(asdict(step)) + "\n")
            sys.stdout.flush()


def _named(names: str) -> list[Quantization]:
    """Raises ConversionFailed for a name that is none."""
    try:
        return [Quantization[name] for name in names.split(",") if name]
    except KeyError as error:
        raise ConversionFailed(f"{error.args[0]} is none of {', '.join(Quantization.__members__)}") from error


def _weighing(settings: argparse.Namespace) -> Weighing | None:
    labels = settings.importance
    if labels is None:
        return None
    document_type = settings.type or labels.with_name("type.json")
    named = " ".join([file_digest(labels), file_digest(document_type), str(settings.context)])
    # Loads torch: only where it is wanted.
    from models_store.tuning.importance import Documents, find_importance, read_importance

    documents = Documents(labels, document_type, settings.context)
    return Weighing(
        before=hashlib.sha256(named.encode()).hexdigest(),
        find=lambda part: find_importance(settings.merged, documents, out=part, threads=settings.threads),
        read=read_importance,
    )


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models_store.quantizing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("merged", type=Path, help="folder of the weights, as transformers reads it")
    add("out", type=Path, help="folder for the GGUF files")
    add("--name", required=True, help="the model's name, kept in the files")
    add("--quantizations", default="F16,Q8_0,Q4_K_M", help=f"of {', '.join(Quantization.__members__)}")
    add("--converter", type=Path, required=True, help="folder of llama.cpp's converter, or of its sources as a file")
    add("--importance", type=Path, help="labelled documents that say which weights matter")
    add("--type", type=Path, help="their document type; without it type.json beside them")
    add("--context", type=int, default=2048, help="tokens that the model is shown at once")
    add("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
