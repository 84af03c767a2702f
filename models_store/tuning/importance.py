"""Which weights matter on a site's own documents: the mean square of what flows into each column of a linear layer.

Quantizing keeps columns that are fed with large numbers more exact. The tensors are named as llama.cpp names them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModelForCausalLM
from transformers.utils.logging import disable_progress_bar

from extraction.labels import read_labels
from extraction.schema import DocumentTypeSpec
from models_store.convert import Importance
from models_store.starter.encoding import encode
from models_store.tuning.dataset import make_dataset
from models_store.tuning.ruler import Ruler
from models_store.tuning.vocabulary import load_vocabulary

ENOUGH_TOKENS = 200_000
"""More documents change the means no more."""
_LAYER = re.compile(r"\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)$")
_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "qkv_proj": "attn_qkv",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "gate_up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""Of the families that can be imported; a layer of another name is quantized without."""


@dataclass(frozen=True, slots=True)
class Documents:
    """`labels`: a label file; `document_type`: the file of their type; `context_tokens`: shown to the model at once."""

    labels: Path
    document_type: Path
    context_tokens: int


def find_importance(weights: Path, documents: Documents, *, out: Path, threads: int = 1) -> None:
    """Writes `out`, one array for each tensor. `weights`: a folder as transformers reads it; a vocabulary
    of another family is read from the GGUF in the folder of `out`.

    Raises LabelsError, SchemaError, ModelUnavailable, OSError.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    ruler = Ruler(load_vocabulary(weights, out.parent), documents.context_tokens)
    model: Any = AutoModelForCausalLM.from_pretrained(weights, dtype=torch.float32, local_files_only=True)
    model.eval()
    meter = _Meter()
    with ExitStack() as hooks, torch.no_grad():
        for name, layer in model.named_modules():
            if isinstance(layer, nn.Linear) and (tensor := tensor_name(name)):
                hooks.callback(layer.register_forward_pre_hook(meter.hook(tensor)).remove)
        for ids in _texts(documents, ruler):
            model.model(input_ids=torch.tensor([ids]), use_cache=False)
    save_file(meter.means(), out)


def read_importance(path: Path) -> Importance:
    return load_file(path)


def tensor_name(module: str) -> str:
    """The name in the GGUF of a linear layer's weights: model.layers.0.mlp.up_proj -> blk.0.ffn_up.weight."""
    found = _LAYER.search(module)
    return f"blk.{found[1]}.{_NAMES[found[2]]}.weight" if found and found[2] in _NAMES else ""


def _texts(documents: Documents, ruler: Ruler) -> Iterator[list[int]]:
    """Prompts with their answers as token numbers, ENOUGH_TOKENS in all."""
    document_type = DocumentTypeSpec.model_validate_json(documents.document_type.read_bytes())
    with documents.labels.open(encoding="utf-8") as lines:
        labels = read_labels(lines, documents.labels.parent)
    seen = 0
    for sample in make_dataset(labels, document_type, ruler).samples:
        ids = encode(sample, ruler.tokenizer).ids[: 2 * documents.context_tokens]
        yield ids
        seen += len(ids)
        if seen >= ENOUGH_TOKENS:
            return


class _Meter:
    """Sums squares of inputs by tensor and column."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = defaultdict(int)

    def hook(self, tensor: str) -> Callable[[nn.Module, Any], None]:
        def measure(_: nn.Module, inputs: Any) -> None:
            rows = inputs[0].detach().reshape(-1, inputs[0].shape[-1]).double()
            squares = rows.square().sum(0)
            self._sums[tensor] = self._sums[tensor] + squares if tensor in self._sums else squares
            self._counts[tensor] += len(rows)

        return measure

    def means(self) -> dict[str, NDArray[np.float32]]:
        return {name: (total / self._counts[name]).float().numpy() for name, total in self._sums.items()}
