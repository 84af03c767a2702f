"""A start that can already copy: an induction head over three tokens, built by hand. All of it stays trainable.

The embedding's first part holds the token and a constant direction, the last `_STORE` dimensions hold fingerprints of
the three tokens before. Layer 0 looks 1, 2 and 3 positions back (by the constant direction, through the fast RoPE pairs
with a phase) and stores the fingerprints. Layer 1 asks with the fingerprints of (this, previous, one before) for a
place where the stored fingerprints are the same one position later, and copies that place's token.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from models_store.starter.network import Block, Llama, frequencies, scale_of

_STORE, _BACK = 64, 3
_CONSTANT = 0.5
_EMBEDDING = 0.8
_SHARPNESS = 8.0
_MATCH = 40.0
_COPY_GAIN = 4.0
_QUIET = 0.25
"""Scale of all outputs that are not built here."""


@torch.no_grad()
def teach_copying(model: Llama) -> None:
    """Overwrites layers 0 and 1 and the embedding of a fresh model (width 256, 8 heads of 64 or alike)."""
    shape = model.shape
    token = shape.width - _STORE
    size = _STORE // _BACK
    layers = model.layers()
    for block in layers:
        block.down.mul_(_QUIET)
        block.out.mul_(_QUIET)
    constant = _embed(model, token)
    print_of = _orthonormal(size, token)
    _look_back(layers[0], model, constant, print_of)
    _match_and_copy(layers[1], model, print_of)
    for block in layers[2:]:
        _lean_to_copying(block, token)


def _embed(model: Llama, token: int) -> Tensor:
    """Unit token vectors orthogonal to a constant direction, which is added to all. Returns the direction."""
    table = torch.zeros_like(model.embedding)
    table[:, :token].normal_()
    table /= table.norm(dim=1, keepdim=True)
    constant = torch.zeros(table.shape[1])
    constant[:token].normal_()
    constant /= constant.norm()
    table -= torch.outer(table @ constant, constant)
    model.embedding.copy_(_EMBEDDING * (table + _CONSTANT * constant))
    return constant


def _token_norm(model: Llama) -> float:
    """Length of the token part after the RMS norm of layer 0."""
    return scale_of(model.shape) / math.sqrt(1 + _CONSTANT**2)


def _look_back(block: Block, model: Llama, constant: Tensor, print_of: Tensor) -> None:
    """Heads 0 to 2 attend 1, 2 and 3 positions back and store that token's fingerprint."""
    shape, (size, token) = model.shape, print_of.shape
    span, head, half, norm = shape.heads * shape.head, shape.head, shape.head // 2, _token_norm(model)
    turns = frequencies(shape)
    fast = [pair for pair in range(half) if turns[pair] > 0.05]
    strength = (_SHARPNESS * head**0.5) ** 0.5 / (norm * _CONSTANT)
    for back in range(_BACK):
        query, key, value = (block.qkv[part * span + back * head :][:head] for part in range(3))
        for part in (query, key, value):
            part.zero_()
        for pair in fast:
            angle = -(back + 1) * turns[pair]
            key[pair] = strength * constant
            query[pair] = strength * torch.cos(angle) * constant
            query[pair + half] = strength * torch.sin(angle) * constant
        value[:size, :token] = print_of
        out = block.out[:, back * head : (back + 1) * head]
        out.zero_()
        place = token + back * size
        out[place : place + size, :size] = torch.eye(size) * _EMBEDDING / norm * (token / size) ** 0.5


def _match_and_copy(block: Block, model: Llama, print_of: Tensor) -> None:
    """Every head matches the three fingerprints in the slow RoPE pairs; each copies its slice of the token."""
    shape, token = model.shape, print_of.shape[1]
    span, head, half = shape.heads * shape.head, shape.head, shape.head // 2
    slow = torch.argsort(frequencies(shape))[: half // 2].tolist()
    slots = [slot for pair in slow for slot in (pair, pair + half)]
    slices = token // shape.heads
    for index in range(shape.heads):
        query, key, value = (block.qkv[part * span + index * head :][:head] for part in range(3))
        query.mul_(0.1)
        key.mul_(0.1)
        value.zero_()
        _match(query, key, slots, print_of)
        value[:slices, index * slices : (index + 1) * slices] = torch.eye(slices)
        out = block.out[:, index * head : (index + 1) * head]
        out.mul_(0.1)
        out[index * slices : (index + 1) * slices, :slices] = (
            torch.eye(slices) * _EMBEDDING / _token_norm(model) * _COPY_GAIN
        )


def _match(query: Tensor, key: Tensor, slots: list[int], print_of: Tensor) -> None:
    """Half of the slots compare the nearest token, the rest the two before it."""
    size, token = print_of.shape
    head = query.shape[0]
    quarter = len(slots) // 4
    shares = [len(slots) - 2 * quarter, quarter, quarter]
    for back, share in enumerate(shares):
        mine, slots = slots[:share], slots[share:]
        turn = _orthonormal(size, size)
        strength = (_MATCH / _BACK * head**0.5 / share) ** 0.5 * 0.32 * (1.0 if back else 1.3)
        for row, slot in enumerate(mine[:size]):
            stored = slice(token + back * size, token + (back + 1) * size)
            before = slice(token + (back - 1) * size, token + back * size)
            if back:
                query[slot, before] = strength * turn[row]
            else:
                query[slot, :token] = strength * (turn[row] @ print_of) * (token / size) ** 0.5
            key[slot, stored] = strength * turn[row]


def _lean_to_copying(block: Block, token: int) -> None:
    """Later layers pass on a little of what they attend to, so that new copying heads form easily."""
    heads, head = block.shape.heads, block.shape.head
    span, slices = heads * head, token // heads
    for index in range(heads):
        for offset in range(min(slices, head)):
            place = index * slices + offset
            block.qkv[2 * span + index * head + offset, place] += 0.5
            block.out[place, index * head + offset] += 0.03


def _orthonormal(rows: int, columns: int) -> Tensor:
    basis: Tensor = torch.linalg.qr(torch.randn(columns, rows))[0]
    return basis.T.contiguous()
