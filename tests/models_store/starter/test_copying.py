"""The hand-built start copies before any training; a usual start does not."""

from __future__ import annotations

import pytest
import torch

from models_store.starter.copying import teach_copying
from models_store.starter.network import Llama, Shape, hugging_face_weights

LENGTH = 50


def _copied(model: Llama) -> float:
    """Share of the tokens of a repeated random string that are foretold."""
    half = torch.randint(300, 4096, (2, LENGTH), generator=torch.Generator().manual_seed(3))
    tokens = torch.cat([half, half], 1)
    with torch.no_grad():
        guessed = model.logits(model.hidden(tokens)).argmax(-1)
    return float((guessed[:, LENGTH + 3 : -1] == tokens[:, LENGTH + 4 :]).float().mean())


@pytest.fixture
def fresh() -> Llama:
    torch.manual_seed(1)
    return Llama(Shape(layers=3))


def test_a_model_taught_to_copy_copies_untrained(fresh: Llama) -> None:
    teach_copying(fresh)
    assert _copied(fresh) > 0.95


def test_control_a_fresh_model_does_not_copy(fresh: Llama) -> None:
    assert _copied(fresh) < 0.05


def test_the_exported_weights_give_the_same_logits_in_transformers(fresh: Llama) -> None:
    transformers = pytest.importorskip("transformers")
    teach_copying(fresh)
    weights = hugging_face_weights(fresh)
    config = transformers.LlamaConfig(**fresh.shape.as_config(), attn_implementation="eager")
    theirs = transformers.LlamaForCausalLM(config).eval()
    theirs.load_state_dict({**weights, "lm_head.weight": weights["model.embed_tokens.weight"]})
    with torch.no_grad():
        for p in fresh.parameters():
            p.copy_(p.to(torch.bfloat16).float())
        tokens = torch.randint(0, 4096, (1, 40))
        difference = theirs.float()(tokens).logits - fresh.logits(fresh.hidden(tokens))
    assert float(difference.abs().max()) < 1e-2
