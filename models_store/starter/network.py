"""A lean Llama for training on a CPU core. Its weights map one to one onto transformers' LlamaForCausalLM."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-5
_SIZES = {
    "vocabulary": "vocab_size", "width": "hidden_size", "layers": "num_hidden_layers", "heads": "num_attention_heads",
    "head": "head_dim", "inner": "intermediate_size", "theta": "rope_theta", "context": "max_position_embeddings",
}  # fmt: skip
_PARTS = (
    "input_layernorm", "post_attention_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
    "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
)  # fmt: skip
_PLAIN = 512
"""Tokens up to which attention is made by plain products."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network. `heads * head` need not be `width`."""

    vocabulary: int = 4096
    width: int = 256
    layers: int = 6
    heads: int = 4
    head: int = 64
    inner: int = 768
    theta: float = 1e6
    context: int = 4096

    def as_config(self) -> dict[str, Any]:
        """config.json of a Hugging Face folder."""
        return {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": self.vocabulary,
            "hidden_size": self.width, "num_hidden_layers": self.layers, "num_attention_heads": self.heads,
            "num_key_value_heads": self.heads, "head_dim": self.head, "intermediate_size": self.inner,
            "max_position_embeddings": self.context, "rms_norm_eps": EPSILON, "rope_theta": self.theta,
            "hidden_act": "silu", "tie_word_embeddings": True, "attention_bias": False, "mlp_bias": False,
            "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 3, "torch_dtype": "bfloat16",
        }  # fmt: skip


class Block(nn.Module):
    """Attention and gated MLP, each behind an RMS norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        span = shape.heads * shape.head
        self.shape = shape
        self.norm1, self.norm2 = nn.Parameter(torch.ones(shape.width)), nn.Parameter(torch.ones(shape.width))
        self.qkv = nn.Parameter(torch.randn(3 * span, shape.width) * 0.6 * shape.width**-0.5)
        self.out = nn.Parameter(torch.randn(shape.width, span) * 0.6 * (span * 2 * shape.layers) ** -0.5)
        self.gate_up = nn.Parameter(torch.randn(2 * shape.inner, shape.width) * 0.6 * shape.width**-0.5)
        self.down = nn.Parameter(torch.randn(shape.width, shape.inner) * 0.6 * (shape.inner * 2 * shape.layers) ** -0.5)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        """(batch, length, width) in 32 bits -> the same; the products are made in the number type of `turn`."""
        batch, length, _ = x.shape
        heads, head, fine = self.shape.heads, self.shape.head, turn[0].dtype
        mixed = functional.linear(_normed(x, self.norm1, fine), self.qkv.to(fine))
        qkv = mixed.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4)
        query, key = (_rotated(part, turn) for part in (qkv[0], qkv[1]))
        seen = _attended(query * head**-0.5, key, qkv[2], mask).transpose(1, 2).reshape(batch, length, heads * head)
        x = x + functional.linear(seen, self.out.to(fine))
        gate, up = functional.linear(_normed(x, self.norm2, fine), self.gate_up.to(fine)).chunk(2, -1)
        return x + functional.linear(functional.silu(gate) * up, self.down.to(fine))


def _normed(x: Tensor, weight: Tensor, fine: torch.dtype) -> Tensor:
    return functional.rms_norm(x, (x.shape[-1],), weight, EPSILON).to(fine)


def _attended(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Causal attention. Short texts by plain products: there the backward pass of the fused CPU kernel is slower."""
    if query.shape[-2] > _PLAIN or query.is_cuda:
        return functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=1.0)
    scores = torch.matmul(query, key.transpose(-1, -2)) + mask
    return torch.matmul(scores.softmax(-1), value)


class Llama(nn.Module):
    """The network. Its weights are 32-bit floats; it multiplies in bfloat16 where `fine` says so."""

    def __init__(self, shape: Shape, fine: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.shape, self.fine = shape, fine
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * 0.04)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))
        # Made once and sliced: fresh tables for every length make the process grow by gigabytes.
        cosine, sine = _rotation(shape)
        self.register_buffer("cosine", cosine.to(fine), persistent=False)
        self.register_buffer("sine", sine.to(fine), persistent=False)
        mask = torch.full((_PLAIN, _PLAIN), float("-inf"), dtype=fine).triu(1)
        self.register_buffer("mask", mask, persistent=False)

    def layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]

    def hidden(self, tokens: Tensor) -> Tensor:
        """(batch, length) token numbers -> (batch, length, width) in `fine`."""
        length = tokens.shape[1]
        turn = (self.get_buffer("cosine")[:length], self.get_buffer("sine")[:length])
        mask = self.get_buffer("mask")[:length, :length]
        x = functional.embedding(tokens, self.embedding)
        for block in self.blocks:
            x = block(x, turn, mask)
        return _normed(x, self.norm, self.fine)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., width) -> (..., vocabulary) in 32 bits."""
        return functional.linear(hidden, self.embedding.to(self.fine)).float()


def best_type(device: torch.device) -> torch.dtype:
    """bfloat16 where the machine multiplies it fast (a GPU; a CPU with AMX or AVX512-BF16), else 32-bit floats."""
    if device.type == "cuda":
        return torch.bfloat16
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    return torch.bfloat16 if "avx512_bf16" in flags or "amx_bf16" in flags else torch.float32


def hugging_face_weights(model: Llama) -> dict[str, Tensor]:
    """The weights by the names transformers and llama.cpp's converter know, in bfloat16."""
    weights: dict[str, Tensor] = {"model.embed_tokens.weight": model.embedding, "model.norm.weight": model.norm}
    for index, block in enumerate(model.layers()):
        query, key, value = block.qkv.chunk(3)
        gate, up = block.gate_up.chunk(2)
        parts: dict[str, Tensor] = {
            "input_layernorm": block.norm1, "post_attention_layernorm": block.norm2, "self_attn.q_proj": query,
            "self_attn.k_proj": key, "self_attn.v_proj": value, "self_attn.o_proj": block.out,
            "mlp.gate_proj": gate, "mlp.up_proj": up, "mlp.down_proj": block.down,
        }  # fmt: skip
        weights |= {f"model.layers.{index}.{name}.weight": part for name, part in parts.items()}
    return {name: weight.detach().to(torch.bfloat16).contiguous() for name, weight in weights.items()}


def llama_of(folder: Path, fine: torch.dtype = torch.float32) -> Llama:
    """The network that an export wrote: config.json and model.safetensors, as `hugging_face_weights` names them."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = Shape(**{mine: config[theirs] for mine, theirs in _SIZES.items()})
    weights = {name: weight.float() for name, weight in load_file(folder / "model.safetensors").items()}
    state = {"embedding": weights["model.embed_tokens.weight"], "norm": weights["model.norm.weight"]}
    for index in range(shape.layers):
        part = {name: weights[f"model.layers.{index}.{name}.weight"] for name in _PARTS}
        norm1, norm2, query, key, value, out, gate, up, down = part.values()
        block = {"norm1": norm1, "norm2": norm2, "out": out, "down": down}
        block |= {"qkv": torch.cat([query, key, value]), "gate_up": torch.cat([gate, up])}
        state |= {f"blocks.{index}.{name}": tensor for name, tensor in block.items()}
    model = Llama(shape, fine)
    model.load_state_dict(state)
    return model


def frequencies(shape: Shape) -> Tensor:
    """Turn per position of each RoPE pair, fast ones first: (head / 2,)."""
    exponents = torch.arange(0, shape.head, 2).float() / shape.head
    return torch.pow(torch.tensor(shape.theta), -exponents)


def _rotation(shape: Shape) -> tuple[Tensor, Tensor]:
    angles = torch.outer(torch.arange(shape.context).float(), frequencies(shape)).repeat(1, 2)
    sign = torch.cat([-torch.ones(shape.head // 2), torch.ones(shape.head // 2)])
    return angles.cos(), angles.sin() * sign


def _rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    return x * turn[0] + torch.roll(x, x.shape[-1] // 2, -1) * turn[1]


def parameters_of(model: Llama) -> int:
    return sum(p.numel() for p in model.parameters())


def as_dict(shape: Shape) -> dict[str, Any]:
    return asdict(shape)


def scale_of(shape: Shape) -> float:
    """Length of a normalised hidden state."""
    return math.sqrt(shape.width)
