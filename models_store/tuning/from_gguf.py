"""A GGUF -> a folder of weights that can be trained. It counts only when converting the folder gives the model again.

    python -m models_store.tuning.from_gguf MODEL.gguf FOLDER --converter DIR

Quantized numbers are read as what they stand for: what quantization took away does not come back.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models_store.convert import convert
from models_store.errors import ConversionFailed
from models_store.intake.gguf_header import GgufHeader, read_gguf
from models_store.tuning.gguf_vocabulary import write_tokenizer

_FACTORS = "rope_freqs.weight"
_LLAMA_3 = {"rope_type": "llama3", "low_freq_factor": 1.0, "high_freq_factor": 4.0}
_LLAMA_3_CONTEXT = 8192
_MAY_DIFFER = ("general.", "tokenizer.", "llama.vocab_size")
_OF_A_HEAD = ("attention.key_length", "attention.value_length", "rope.dimension_count")
_VOCABULARY = ("model", "pre", "tokens", "token_type", "scores", "merges", "bos_token_id", "eos_token_id")


def read_back(model: Path, folder: Path, *, converter: Path) -> None:
    """Raises ConversionFailed when the folder would not give the same model."""
    header = read_gguf(model)
    folder.mkdir(parents=True, exist_ok=True)
    _write_weights(model, folder, header, converter)
    write_tokenizer(header.values, folder)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        again = Path(place) / "again.gguf"
        convert(folder, again, converter=converter)
        if found := differences(header, read_gguf(again)):
            raise ConversionFailed(f"converted again it is another model: {found}")


def differences(one: GgufHeader, other: GgufHeader) -> str:
    """The first thing in which two GGUFs differ but for their types of numbers and their descriptions; or nothing."""
    if shapes(one) != shapes(other):
        odd = sorted(shapes(one).items() ^ shapes(other).items())
        return f"tensor {odd[0][0]}"
    mine, theirs = _complete(one), _complete(other)
    keys = [f"tokenizer.ggml.{name}" for name in _VOCABULARY]
    keys += [key for key in sorted({*mine, *theirs}) if not key.startswith(_MAY_DIFFER)]
    return next((key for key in keys if not _is_same(mine.get(key), theirs.get(key))), "")


def _complete(header: GgufHeader) -> Mapping[str, Any]:
    """The values with what llama.cpp takes where a key is absent: a head is the width divided by the heads."""
    values = header.values
    family = values["general.architecture"]
    head = values[f"{family}.embedding_length"] // values[f"{family}.attention.head_count"]
    usual = {f"{family}.{key}": head for key in _OF_A_HEAD}
    return {**usual, **values}


def shapes(header: GgufHeader) -> dict[str, tuple[int, ...]]:
    return {tensor.name: tensor.shape for tensor in header.tensors}


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) or (isinstance(one, tuple) and one and isinstance(one[0], float)):
        return other is not None and np.shape(one) == np.shape(other) and bool(np.allclose(one, other))
    return bool(one == other)


def _write_weights(model: Path, folder: Path, header: GgufHeader, converter: Path) -> None:
    sys.path.insert(0, str(converter / "gguf-py"))
    import gguf  # type: ignore[import-not-found]  # it travels with the converter; transformers asks for its version

    gguf.__version__ = _version(converter)
    from transformers import AutoModelForCausalLM, GgufConfig

    plain = GgufConfig(dequantize=True)
    try:
        read = AutoModelForCausalLM.from_pretrained(
            model.parent, gguf_file=model.name, quantization_config=plain, local_files_only=True
        )
    except (ValueError, KeyError, RuntimeError) as error:
        raise ConversionFailed(f"transformers cannot read it: {str(error)[:200]}") from error
    read.hf_quantizer = None  # type: ignore[assignment]  # nothing is quantized any more
    vars(read.config).pop("quantization_config", None)
    window = header.values.get(f"{header.values['general.architecture']}.attention.sliding_window")
    if window and hasattr(read.config, "sliding_window"):
        read.config.sliding_window = window  # of some families it is not read
    if factors := _rope_factors(header, gguf, model):
        read.config.rope_parameters = {**read.config.rope_parameters, **factors}
    read.save_pretrained(folder)


def _rope_factors(header: GgufHeader, gguf: Any, model: Path) -> Mapping[str, Any]:
    """Llama 3 stretches its positions by factors that a GGUF keeps as a tensor; the largest is the setting."""
    if _FACTORS not in shapes(header):
        return {}
    tensor = next(found for found in gguf.GGUFReader(model).tensors if found.name == _FACTORS)
    return {**_LLAMA_3, "factor": float(tensor.data.max()), "original_max_position_embeddings": _LLAMA_3_CONTEXT}


def _version(converter: Path) -> str:
    content = tomllib.loads((converter / "gguf-py" / "pyproject.toml").read_text(encoding="utf-8"))
    return str(content["project"]["version"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--converter", type=Path, required=True)
    settings = parser.parse_args()
    try:
        read_back(settings.model, settings.folder, converter=settings.converter)
    except ConversionFailed as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
