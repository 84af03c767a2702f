"""A folder of weights as transformers writes it -> GGUF -> quantized GGUF; an adapter -> GGUF by itself.

llama.cpp's converter is not a package: it travels inside the sources of llama-cpp-python. They are fetched once at the
pinned version, or carried to the box by hand, checked by digest and kept outside of the repository:

    python -m models_store.convert FOLDER
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models_store.durable import PART, rename, writing
from models_store.errors import ConversionFailed, ConverterMissing

__all__ = [
    "SOURCES_FILE", "ConversionFailed", "ConverterMissing", "Importance", "Quantization", "Quantized", "convert",
    "convert_adapter", "fetch_converter", "find_converter", "quantize", "unpack_converter",
]  # fmt: skip

SOURCES = "llama-cpp-python==0.3.36"
SOURCES_FILE = "llama_cpp_python-0.3.36.tar.gz"
SOURCES_SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
_INSIDE = "llama_cpp_python-0.3.36/vendor/llama.cpp/"
_SCRIPTS = ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py")
_PARTS = (*_SCRIPTS, "conversion/", "gguf-py/")
_PHI_3 = re.compile("phi-?3", re.IGNORECASE)
_PR_SET_PDEATHSIG = 1
_FALLBACKS = re.compile(r"(\d+) of (\d+) tensor\(s\) required fallback")


class Quantization(IntEnum):
    """llama.cpp's file types, the most precise first."""

    F16 = 1
    Q8_0 = 7
    Q6_K = 18
    Q5_K_M = 17
    Q4_K_M = 15
    Q4_0 = 2
    Q3_K_M = 12
    Q2_K = 10


Importance = Mapping[str, NDArray[np.float32]]
"""How much each input column of a tensor matters, by the tensor's name in the GGUF."""


@dataclass(frozen=True, slots=True)
class Quantized:
    """`fallbacks` tensors got another type than asked for, because their rows do not fill its blocks of 256 numbers."""

    fallbacks: int


def convert(folder: Path, target: Path, *, converter: Path, outtype: str = "f32", name: str = "") -> None:
    """Writes `folder` (config.json, *.safetensors, tokenizer files) as a GGUF in 32 or 16 bits ("f32", "f16").

    `name` goes into the file; without it that of the folder does. Raises ConversionFailed.
    """
    # llama.cpp wants marks of Phi-3 in the vocabulary of whatever has that name, and does not load it without them.
    named = ["--model-name", _PHI_3.sub("phi 3", name)] if name else []
    _run(converter, _SCRIPTS[0], [str(folder), "--outtype", outtype, *named], target)


def convert_adapter(adapter: Path, target: Path, *, base: Path, converter: Path) -> None:
    """Writes a PEFT folder as a GGUF in 32 bits that goes with any GGUF of `base`, of which only config.json is read.

    Raises ConversionFailed.
    """
    _run(converter, _SCRIPTS[1], [str(adapter), "--base", str(base), "--outtype", "f32"], target)


def quantize(
    source: Path,
    target: Path,
    quantization: Quantization = Quantization.Q8_0,
    *,
    importance: Importance | None = None,
    threads: int = 1,
) -> Quantized:
    """Writes a quantized copy of a GGUF of 16 or 32 bits. Raises ConversionFailed."""
    # Loaded on use: the rest of this module is of use without the engine.
    import llama_cpp

    lines: list[str] = []
    listener = llama_cpp.llama_log_callback(lambda _, text, __: lines.append(text.decode("utf-8", "replace")))
    before, context = llama_cpp.llama_log_callback(), ctypes.c_void_p()
    llama_cpp.llama_log_get(ctypes.byref(before), ctypes.byref(context))
    llama_cpp.llama_backend_init()
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = quantization.value
    parameters.nthread = threads
    if importance:
        parameters.imatrix = _as_structures(importance)
    llama_cpp.llama_log_set(listener, ctypes.c_void_p(0))
    try:
        code = llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters))
    finally:
        llama_cpp.llama_log_set(before, context)
    if code or not target.is_file():
        raise ConversionFailed(f"The quantizer stopped with code {code}: {''.join(lines)[-500:]}")
    found = _FALLBACKS.search("".join(lines))
    return Quantized(fallbacks=int(found[1]) if found else 0)


def fetch_converter(cache: Path) -> Path:
    """The folder of the converter under `cache`, fetched by pip where it is not there yet. Raises ConversionFailed."""
    try:
        return find_converter(cache)
    except ConverterMissing:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "llama-cpp-python", SOURCES]
        done = subprocess.run([*command, "--dest", str(cache)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConverterMissing(f"pip could not fetch {SOURCES}: {done.stderr[-1000:]}") from None
        return find_converter(cache)


def find_converter(folder: Path) -> Path:
    """The same without a connection: `folder` is what `fetch_converter` returned, or holds the sources as a file, put
    there by hand. Raises ConverterMissing when neither is so, ConversionFailed when they are not the pinned ones."""
    if _is_complete(folder):
        return folder
    unpacked, archive = folder / "llama.cpp", folder / SOURCES_FILE
    if not _is_complete(unpacked) and not archive.is_file():
        raise ConverterMissing(f"{folder} holds neither the converter nor {SOURCES_FILE}")
    with writing(folder):
        if not _is_complete(unpacked):
            unpack_converter(archive, unpacked, expected=SOURCES_SHA256)
    return unpacked


def unpack_converter(archive: Path, folder: Path, *, expected: str) -> None:
    """Takes the converter's files out of the sources after checking their digest. Raises ConversionFailed."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != expected:
        raise ConversionFailed(f"{archive.name} hashes to {found}, not to {expected}: not used.")
    fresh = folder.with_name(folder.name + PART)
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = member.name.removeprefix(_INSIDE)
            if member.isfile() and name != member.name and name.startswith(_PARTS):
                member.name = name
                tar.extract(member, fresh, filter="data")
    shutil.rmtree(folder, ignore_errors=True)
    rename(fresh, folder)


def _is_complete(folder: Path) -> bool:
    return all((folder / script).is_file() for script in _SCRIPTS)


def _run(converter: Path, script: str, arguments: list[str], target: Path) -> None:
    command = [sys.executable, str(find_converter(converter) / script), *arguments, "--outfile", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_die_with_parent)
    if done.returncode or not target.is_file():
        raise ConversionFailed(f"The converter stopped with code {done.returncode}: {done.stderr[-2000:]}")


def _die_with_parent() -> None:
    """So that no converter writes on into a file that the next one begins."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _as_structures(importance: Importance) -> Any:
    """As llama.cpp wants it: one entry for each tensor, an empty one at the end. The arrays live as long as it does."""
    import llama_cpp

    entries = (llama_cpp.llama_model_imatrix_data * (len(importance) + 1))()
    for entry, (name, columns) in zip(entries, importance.items(), strict=False):
        numbers = (ctypes.c_float * columns.size)(*columns.ravel().tolist())
        entry.name, entry.data, entry.size = name.encode(), numbers, columns.size
    return entries


def main() -> None:
    """Prints the folder of the converter, fetched where it is not there yet."""
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "var/converter")
    place.mkdir(parents=True, exist_ok=True)
    try:
        sys.stdout.write(f"{fetch_converter(place)}\n")
    except ConversionFailed as error:
        raise SystemExit(f"{error.sentence} {error.detail}\n{error.next_step}") from error


if __name__ == "__main__":
    main()
