"""What tuning changed, as a GGUF by itself: small, and usable with any GGUF of its base. Prints a line of JSON.

python -m models_store.quantizing.adapter ADAPTER --base BASE OUT.gguf --converter DIR

ADAPTER: the folder that PEFT wrote; BASE: the folder of weights it was trained on, of which the shape is read only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from models_store.convert import convert_adapter
from models_store.durable import PART, file_digest, rename
from models_store.quantizing.failure import told
from models_store.quantizing.steps import Step

_TENSORS = "adapter_model.safetensors"


def make_adapter(adapter: Path, target: Path, *, base: Path, converter: Path) -> Step:
    """Raises ConversionFailed, OSError."""
    begun, part = time.monotonic(), target.with_name(target.stem + PART + target.suffix)
    before = file_digest(adapter / _TENSORS)
    convert_adapter(adapter, part, base=base, converter=converter)
    rename(part, target)
    seconds = round(time.monotonic() - begun, 2)
    return Step("adapter", "F32", before, file_digest(target), target.stat().st_size, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--converter", type=Path, required=True)
    settings = parser.parse_args()
    with told():
        settings.out.parent.mkdir(parents=True, exist_ok=True)
        step = make_adapter(settings.adapter, settings.out, base=settings.base, converter=settings.converter)
        sys.stdout.write(json.dumps(asdict(step)) + "\n")


if __name__ == "__main__":
    main()
