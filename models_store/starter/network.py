"""A lean Llama for training on a CPU core. Its weights map one to one onto transformers' LlamaForCausalLM."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network. `heads * head` need not be `width`."""

    vocabulary: int = 4096
    width: int = 256
    layers: int = 5
    heads: int = 8
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
        batch, length, width = x.shape
        heads, head = self.shape.heads, self.shape.head
        mixed = functional.linear(functional.rms_norm(x, (width,), self.norm1, EPSILON), self.qkv)
        qkv = mixed.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4)
        query, key = (_rotated(part, turn) for part in (qkv[0], qkv[1]))
        # Plain products: the backward pass of the fused CPU kernel takes half of a training step.
        scores = torch.matmul(query * head**-0.5, key.transpose(-1, -2)) + mask
        seen = torch.matmul(scores.softmax(-1), qkv[2]).transpose(1, 2).reshape(batch, length, heads * head)
        x = x + functional.linear(seen, self.out)
        gate, up = functional.linear(functional.rms_norm(x, (width,), self.norm2, EPSILON), self.gate_up).chunk(2, -1)
        return x + functional.linear(functional.silu(gate) * up, self.down)


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * 0.04)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))
        # Made once and sliced: fresh tables for every length make the process grow by gigabytes.
        self._turns: tuple[Tensor, Tensor] = _rotation(shape)
        self._mask = torch.full((2048, 2048), float("-inf")).triu(1)

    def layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]

    def hidden(self, tokens: Tensor) -> Tensor:
        """(batch, length) token numbers -> (batch, length, width)."""
        length = tokens.shape[1]
        turn = (self._turns[0][:length], self._turns[1][:length])
        x = functional.embedding(tokens, self.embedding)
        for block in self.blocks:
            x = block(x, turn, self._mask[:length, :length])
        return functional.rms_norm(x, (self.shape.width,), self.norm, EPSILON)

    def logits(self, hidden: Tensor) -> Tensor:
        return functional.linear(hidden, self.embedding)


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
