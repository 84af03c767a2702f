"""A tiny checkpoint of random weights of each family that customers bring, as its publisher would lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers

from bench.families.vocabularies import SIZE, write_byte_level, write_pieces

PIECES = 4096
_SIZES = {
    "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 64, "max_position_embeddings": 4096, "tie_word_embeddings": True,
    "initializer_range": 0.1,
}  # fmt: skip
"""Multiples of 256, so that every quantization is what it says; numbers so wide that LoRA alone can learn by heart."""
_LLAMA_3 = {
    "rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}  # fmt: skip
_YARN = {
    "rope_type": "yarn", "rope_theta": 1000000.0, "factor": 16.0, "beta_fast": 32.0, "beta_slow": 1.0, "mscale": 1.0,
    "mscale_all_dim": 1.0, "original_max_position_embeddings": 4096, "llama_4_scaling_beta": 0.1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """`config`: transformers' class, `more`: what sets the family apart. `way`: how a byte-level vocabulary cuts
    texts, by llama.cpp's name; "" for pieces. `prefix`: pieces with a blank before each text."""

    name: str
    family: str
    config: str
    more: Mapping[str, Any] = field(default_factory=dict)
    way: str = ""
    prefix: bool = False
    tokenizer_class: str = "PreTrainedTokenizerFast"


SAMPLES = (
    Sample("Llama 3.2", "llama", "LlamaConfig", {"rope_parameters": _LLAMA_3}, "llama-bpe"),
    Sample("Llama 3.1", "llama", "LlamaConfig", {"rope_parameters": _LLAMA_3 | {"factor": 8.0},
                                                 "tie_word_embeddings": False}, "llama-bpe"),
    Sample("SmolLM2", "llama", "LlamaConfig", way="smollm"),
    Sample("TinyLlama", "llama", "LlamaConfig", {"tie_word_embeddings": False}, prefix=True),
    Sample("Qwen2.5", "qwen2", "Qwen2Config", way="qwen2"),
    Sample("Qwen3", "qwen3", "Qwen3Config", {"head_dim": 128}, "qwen2"),
    Sample("Phi-3-mini", "phi3", "Phi3Config", {"sliding_window": 2047, "tie_word_embeddings": False}, prefix=True),
    Sample("Phi-4-mini", "phi3", "Phi3Config", {"partial_rotary_factor": 0.75}, "gpt-4o",
           tokenizer_class="GPT2Tokenizer"),
    Sample("Mistral 7B", "mistral", "MistralConfig", {"sliding_window": None, "tie_word_embeddings": False},
           prefix=True),
    Sample("Ministral 8B", "mistral", "MistralConfig", {"sliding_window": None, "tie_word_embeddings": False},
           "tekken"),
    Sample("Ministral 3", "ministral3", "Ministral3Config", {"rope_parameters": _YARN, "sliding_window": None},
           "tekken"),
    Sample("Gemma 2", "gemma2", "Gemma2Config", {"sliding_window": 2048}),
    Sample("Gemma 3", "gemma3", "Gemma3TextConfig", {"sliding_window": 512}),
)  # fmt: skip


def write_checkpoint(sample: Sample, folder: Path, texts: list[str]) -> None:
    """`texts`: what a byte-level vocabulary is trained on."""
    folder.mkdir(parents=True)
    torch.manual_seed(1)
    ids = {"bos_token_id": 0, "eos_token_id": 1} if sample.way else {"bos_token_id": 1, "eos_token_id": 2}
    settings = {**_SIZES, "vocab_size": SIZE if sample.way else PIECES, "pad_token_id": 1, **ids, **sample.more}
    config = getattr(transformers, sample.config)(**settings)
    model = transformers.AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "README.md").write_text(f"---\nlicense: apache-2.0\n---\n# {sample.name}, random weights\n")
    (folder / "LICENSE").write_text("Apache License, Version 2.0\n")
    if sample.way:
        write_byte_level(folder, texts, way=sample.way, tokenizer_class=sample.tokenizer_class)
    else:
        write_pieces(folder, prefix=sample.prefix)
