"""Small models as files, right or wrong in one chosen way."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]
CONFIG: Mapping[str, Any] = {
    "architectures": ["LlamaForCausalLM"], "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 32, "max_position_embeddings": 128,
}  # fmt: skip
_KINDS = {"F32": 4, "BF16": 2, "I8": 1}


def shapes() -> dict[str, tuple[int, ...]]:
    """The tensors of a model of CONFIG."""
    layer = {
        "self_attn.q_proj.weight": (8, 8), "self_attn.k_proj.weight": (4, 8), "self_attn.v_proj.weight": (4, 8),
        "self_attn.o_proj.weight": (8, 8), "mlp.gate_proj.weight": (16, 8), "mlp.up_proj.weight": (16, 8),
        "mlp.down_proj.weight": (8, 16), "input_layernorm.weight": (8,), "post_attention_layernorm.weight": (8,),
    }  # fmt: skip
    layers = {f"model.layers.{number}.{name}": shape for number in range(2) for name, shape in layer.items()}
    return {"model.embed_tokens.weight": (32, 8), "model.norm.weight": (8,), **layers}


def header_of(tensors: Shapes, kind: str = "F32") -> dict[str, Any]:
    """A safetensors header for tensors that lie one behind the other."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    position = 0
    for name, shape in tensors.items():
        size = _KINDS[kind]
        for length in shape:
            size *= length
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [position, position + size]}
        position += size
    return header


def safetensors(header: Mapping[str, Any] | bytes, size: int) -> bytes:
    """A file with this header and `size` bytes of tensors."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(size)


def data_size(header: Mapping[str, Any]) -> int:
    return max(told["data_offsets"][1] for name, told in header.items() if name != "__metadata__")


def checkpoint(folder: Path, *, tensors: Shapes | None = None, config: Mapping[str, Any] | None = None) -> Path:
    """A folder as transformers writes it; `config` changes CONFIG."""
    folder.mkdir(parents=True)
    header = header_of(shapes() if tensors is None else tensors)
    (folder / "model.safetensors").write_bytes(safetensors(header, data_size(header)))
    (folder / "config.json").write_text(json.dumps({**CONFIG, **(config or {})}))
    tokenizer = {"tokenizer_class": "LlamaTokenizer", "chat_template": "{{ 7 * 7 }}"}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer.model").write_bytes(b"pieces")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# A <b>model</b>\n")
    return folder


GGUF_TENSORS: Shapes = {
    "token_embd.weight": (32, 4),
    "blk.0.attn_norm.weight": (32,),
    "blk.1.attn_norm.weight": (32,),
    "output_norm.weight": (32,),
}
GGUF_KEYS: Mapping[str, Any] = {
    "general.architecture": "llama", "general.name": "Tiny", "general.file_type": 0, "llama.block_count": 2,
    "llama.embedding_length": 32, "llama.context_length": 128, "llama.attention.head_count": 2,
    "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "a"],
    "tokenizer.ggml.scores": [0.0, 0.0, 0.0, 0.0], "tokenizer.ggml.token_type": [2, 3, 3, 1],
    "tokenizer.ggml.bos_token_id": 1, "tokenizer.chat_template": "{{ 7 * 7 }}",
}  # fmt: skip


def gguf(keys: Mapping[str, Any] | None = None, tensors: Shapes | None = None) -> bytes:
    """A GGUF of version 3 with 32-bit tensors of zeros; `keys` changes GGUF_KEYS, None takes one out."""
    told = {name: value for name, value in {**GGUF_KEYS, **(keys or {})}.items() if value is not None}
    placed = GGUF_TENSORS if tensors is None else tensors
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(placed), len(told))
    head += b"".join(_text(name) + _value(value) for name, value in told.items())
    offset, data = 0, b""
    for name, sizes in placed.items():
        head += _text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, 0, offset)
        count = 4
        for size in sizes:
            count *= size
        data += bytes(count + -count % 32)
        offset = len(data)
    return head + bytes(-len(head) % 32) + data


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: Any) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + _text(value)
        case _:
            kind = {str: 8, int: 5, float: 6}[type(value[0])]
            items = b"".join(_value(item)[4:] if kind != 5 else struct.pack("<i", item) for item in value)
            return struct.pack("<IIQ", 9, kind, len(value)) + items


def adapter(tensors: Shapes | None = None, keys: Mapping[str, Any] | None = None) -> bytes:
    """An adapter of the GGUF above, of rank 2."""
    pair: Shapes = {"blk.0.attn_q.weight.lora_a": (32, 2), "blk.0.attn_q.weight.lora_b": (2, 32)}
    nothing_else = dict.fromkeys(GGUF_KEYS)
    told = {"general.type": "adapter", "adapter.type": "lora", "general.architecture": "llama"}
    return gguf({**nothing_else, **told, **(keys or {})}, pair if tensors is None else tensors)
