"""Stands in for llama.cpp's converter: the "safetensors" it is given are a GGUF already. Counts its calls."""

from __future__ import annotations

from pathlib import Path

SCRIPT = """
import os, pathlib, shutil, sys, time
pathlib.Path(__file__).with_name("process").write_text(str(os.getpid()))
pathlib.Path(__file__).with_name("calls").open("a").write("x")
source = next(pathlib.Path(sys.argv[1]).glob("*model.safetensors"))
target = sys.argv[sys.argv.index("--outfile") + 1]
pathlib.Path(target).write_bytes(source.read_bytes()[:1000])
time.sleep(float({seconds}))
shutil.copyfile(source, target)
"""


def make_converter(folder: Path, *, seconds: float = 0.0) -> Path:
    """`seconds`: how long half a file lies under the name it was asked for."""
    folder.mkdir()
    for name in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py"):
        (folder / name).write_text(SCRIPT.format(seconds=seconds))
    return folder


def calls(folder: Path) -> int:
    return len((folder / "calls").read_text()) if (folder / "calls").exists() else 0


def make_merged(folder: Path, model: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(model.read_bytes())
    return folder
