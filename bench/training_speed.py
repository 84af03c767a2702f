"""Tokens a second of a training step, by the network's shape and the length of the texts.

python -m bench.training_speed [--threads N] [--seconds S] [--compile]

Steps of 4,096 random tokens, a fifth of them answers. The last line is one JSON object: tokens a second by shape and
length. Figures are for comparing shapes on one machine in one run.
"""

from __future__ import annotations

import argparse
import json
import time

import torch
from torch.nn import functional

from models_store.starter.network import Llama, Shape, best_type

SHAPES = {
    "width 256, 8 heads, 5 layers": Shape(width=256, heads=8, layers=5),
    "width 256, 4 heads, 6 layers": Shape(width=256, heads=4, layers=6),
    "width 384, 6 heads, 5 layers": Shape(width=384, heads=6, layers=5, inner=1024),
}
LENGTHS = (192, 384, 768, 1536)
TOKENS, ANSWERS = 4096, 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each shape and length")
    parser.add_argument("--compile", action="store_true")
    settings = parser.parse_args()
    torch.set_num_threads(settings.threads)
    found = {name: {length: measure(shape, length, settings) for length in LENGTHS} for name, shape in SHAPES.items()}
    print(json.dumps(found))


def measure(shape: Shape, length: int, settings: argparse.Namespace) -> int:
    """Tokens a second, the first step left out."""
    model = Llama(shape, best_type(torch.device("cpu")))
    hidden = torch.compile(model.hidden, dynamic=True) if settings.compile else model.hidden
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    batch = max(1, TOKENS // length)

    def step() -> None:
        tokens = torch.randint(5, shape.vocabulary, (batch, length))
        answers = int(tokens.numel() * ANSWERS)
        logits = model.logits(hidden(tokens).reshape(-1, shape.width)[:answers])
        functional.cross_entropy(logits, tokens.reshape(-1)[:answers]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    step()
    steps, begun = 0, time.monotonic()
    while time.monotonic() - begun < settings.seconds:
        step()
        steps += 1
    rate = round(steps * batch * length / (time.monotonic() - begun))
    print(f"{shape.width} wide, {shape.heads} heads, {length} tokens: {rate} tokens a second", flush=True)
    return rate


if __name__ == "__main__":
    main()
