"""The same model in full precision, and a poor one in few bits: some channels are far larger than their neighbours.

Large models have such channels by nature. Here a norm's weight is divided by a power of two and the columns behind it
are multiplied by the same one: nothing changes until a block of numbers has to share one scale.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

_BEHIND = {
    "input_layernorm": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "post_attention_layernorm": ("mlp.gate_proj", "mlp.up_proj"),
}
_EVERY, _TIMES = 8, 16.0
_WEIGHTS = "model.safetensors"


def with_outliers(merged: Path, out: Path) -> Path:
    """A copy of a folder of weights. `merged`: one file of safetensors, of a Llama."""
    shutil.copytree(merged, out)
    weights = load_file(merged / _WEIGHTS)
    for name in [name for name in weights if name.split(".")[-2] in _BEHIND]:
        layer, norm = name.rsplit(".", 2)[:2]
        scale = np.ones(weights[name].shape, dtype=weights[name].dtype)
        scale[::_EVERY] = _TIMES
        weights[name] = weights[name] / scale
        for part in _BEHIND[norm]:
            weights[f"{layer}.{part}.weight"] = weights[f"{layer}.{part}.weight"] * scale
    save_file(weights, out / _WEIGHTS, metadata={"format": "pt"})
    return out
