"""A run that begins from earlier weights: the tokenizer's marks, and llama.cpp's tensors in our order."""

from __future__ import annotations

import pytest
import torch
from sentencepiece import sentencepiece_model_pb2 as messages

from extraction.prompt import Mark
from models_store.starter.network import Block, Llama, Shape
from models_store.starter.warm_start import from_llama, with_marks

TINY = Shape(vocabulary=16, width=8, layers=2, heads=2, head=4, inner=12)


def tokenizer(*names: str) -> bytes:
    model = messages.ModelProto()
    for name in names:
        model.pieces.add(piece=name)
    return bytes(model.SerializeToString())


def names_of(data: bytes) -> list[str]:
    model = messages.ModelProto()
    model.ParseFromString(data)
    return [piece.piece for piece in model.pieces]


def in_pairs(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """How llama.cpp's converter orders the rows of queries and keys."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


def as_llama(model: Llama) -> dict[str, torch.Tensor]:
    tensors = {"token_embd.weight": model.embedding, "output_norm.weight": model.norm}
    for number, block in enumerate(model.layers()):
        tensors |= {f"blk.{number}.{name}.weight": tensor for name, tensor in parts_of(block).items()}
    return {name: tensor.detach() for name, tensor in tensors.items()}


def parts_of(block: Block) -> dict[str, torch.Tensor]:
    query, key, value = block.qkv.chunk(3)
    gate, up = block.gate_up.chunk(2)
    return {
        "attn_norm": block.norm1,
        "attn_q": in_pairs(query, TINY.heads),
        "attn_k": in_pairs(key, TINY.heads),
        "attn_v": value,
        "attn_output": block.out,
        "ffn_norm": block.norm2,
        "ffn_gate": gate,
        "ffn_up": up,
        "ffn_down": block.down,
    }


def test_a_missing_mark_takes_the_place_of_a_spare_symbol() -> None:
    data = tokenizer("a", Mark.FIELDS, Mark.DOCUMENT, Mark.JSON, "<|reserved0|>", "<|reserved1|>")
    assert names_of(with_marks(data)) == ["a", Mark.FIELDS, Mark.DOCUMENT, Mark.JSON, Mark.PAGE, "<|reserved1|>"]


def test_a_tokenizer_with_all_marks_stays_as_it_is() -> None:
    data = tokenizer(*Mark, "<|reserved0|>")
    assert names_of(with_marks(data)) == [*Mark, "<|reserved0|>"]


def test_a_tokenizer_without_a_spare_symbol_is_refused() -> None:
    with pytest.raises(ValueError, match="no symbol to spare"):
        with_marks(tokenizer("a", Mark.FIELDS))


def test_weights_come_back_as_they_went_into_llama() -> None:
    torch.manual_seed(1)
    model = Llama(TINY)
    state = from_llama(as_llama(model), TINY)
    assert {
        name: bool(torch.equal(state[name], tensor)) for name, tensor in model.state_dict().items()
    } == dict.fromkeys(model.state_dict(), True)


def test_control_rows_left_in_llamas_order_are_other_weights() -> None:
    torch.manual_seed(1)
    weight = torch.randn(8, 8)
    assert not torch.equal(in_pairs(weight, 2), weight)


def test_weights_of_another_shape_are_refused() -> None:
    model = Llama(TINY)
    tensors = as_llama(model)
    tensors["token_embd.weight"] = torch.zeros(3, 3)
    with pytest.raises(ValueError, match="another shape: embedding"):
        from_llama(tensors, TINY)
