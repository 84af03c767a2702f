"""An adapter from outside, as a GGUF: nothing but pairs of thin matrices for a family that is known here."""

from __future__ import annotations

from pathlib import Path

from models_store.intake.errors import BrokenModel
from models_store.intake.families import family_of_gguf
from models_store.intake.folder import check_plain
from models_store.intake.gguf_header import GgufTensor, read_gguf

KIND = "adapter"
HIGHEST_RANK = 1024
_ENDS = (".lora_a", ".lora_b")


def check_adapter(path: Path) -> None:
    """Raises an IntakeError. Whether it fits its model is known when it is laid over it."""
    check_plain(path)
    header = read_gguf(path)
    if header.values.get("general.type") != KIND or header.values.get("adapter.type") != "lora":
        raise BrokenModel(f"{path.name} is not an adapter")
    family_of_gguf(header.values.get("general.architecture"))
    _check_pairs({tensor.name: tensor for tensor in header.tensors})


def _check_pairs(tensors: dict[str, GgufTensor]) -> None:
    for name in tensors:
        if not name.endswith(_ENDS):
            raise BrokenModel(f"{name[:80]} belongs to no adapter")
    stems = {name[: -len(_ENDS[0])] for name in tensors}
    if not stems:
        raise BrokenModel("the adapter changes nothing")
    for stem in stems:
        pair = [tensors.get(stem + end) for end in _ENDS]
        down, up = (tensor.shape if tensor else () for tensor in pair)
        if len(down) != 2 or len(up) != 2 or down[1] != up[0] or not 1 <= up[0] <= HIGHEST_RANK:
            raise BrokenModel(f"{stem[:80]}: matrices of the sizes {down} and {up} are no pair")
