"""A folder of weights as transformers writes it -> GGUF in 32 bits -> quantized GGUF.

llama.cpp's converter is not a package: it travels inside the sources of llama-cpp-python. They are fetched once at the
pinned version, checked by digest and kept outside of the repository.
"""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
import sys
import tarfile
from enum import IntEnum
from pathlib import Path

SOURCES = "llama-cpp-python==0.3.36"
SOURCES_FILE = "llama_cpp_python-0.3.36.tar.gz"
SOURCES_SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
_INSIDE = "llama_cpp_python-0.3.36/vendor/llama.cpp/"
_PARTS = ("convert_hf_to_gguf.py", "conversion/", "gguf-py/")


class Quantization(IntEnum):
    """llama.cpp's file types."""

    Q8_0 = 7
    Q4_K_M = 15
    Q4_0 = 2
    Q2_K = 10


class ConversionFailed(Exception):
    """The converter, its sources or the quantizer did not do their work. The message says which."""


def convert(folder: Path, target: Path, *, converter: Path) -> None:
    """Writes `folder` (config.json, model.safetensors, tokenizer files) as a 32-bit GGUF. Raises ConversionFailed."""
    script = converter / "convert_hf_to_gguf.py"
    command = [sys.executable, str(script), str(folder), "--outtype", "f32", "--outfile", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not target.is_file():
        raise ConversionFailed(f"The converter stopped with code {done.returncode}: {done.stderr[-2000:]}")


def quantize(source: Path, target: Path, quantization: Quantization = Quantization.Q8_0) -> None:
    """Writes a quantized copy of a GGUF. Raises ConversionFailed."""
    # Loaded on use: the store imports this module for its errors without the engine.
    import llama_cpp

    llama_cpp.llama_backend_init()
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = quantization.value
    parameters.nthread = 1
    code = llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters))
    if code or not target.is_file():
        raise ConversionFailed(f"The quantizer stopped with code {code}.")


def fetch_converter(cache: Path) -> Path:
    """The folder of the converter under `cache`, fetched by pip where it is not there yet. Raises ConversionFailed."""
    folder = cache / "llama.cpp"
    if (folder / "convert_hf_to_gguf.py").is_file():
        return folder
    archive = cache / SOURCES_FILE
    if not archive.is_file():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "llama-cpp-python", SOURCES]
        subprocess.run([*command, "--dest", str(cache)], check=True)
    unpack_converter(archive, folder, expected=SOURCES_SHA256)
    return folder


def unpack_converter(archive: Path, folder: Path, *, expected: str) -> None:
    """Takes the converter's files out of the sources after checking their digest. Raises ConversionFailed."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != expected:
        raise ConversionFailed(f"{archive.name} hashes to {found}, not to {expected}: not used.")
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = member.name.removeprefix(_INSIDE)
            if member.isfile() and name != member.name and name.startswith(_PARTS):
                member.name = name
                tar.extract(member, folder, filter="data")
