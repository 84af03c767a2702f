"""What transformers' Trainer costs: tokens a second beside a bare loop over the same batches with the same loss.

python -m bench.trainer_speed [--base models_store/starter] [--threads 1] [--steps 20]

Seconds are those of the CPU. Both are run in turns in one process. The last line is one JSON object: tokens a second of
each, and Trainer / loop.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from random import Random

import torch

from models_store.starter.encoding import Encoded
from models_store.store import STARTER
from models_store.tuning.batches import Epochs, Example
from models_store.tuning.lora import Training, Watch
from models_store.tuning.settings import LoraSettings
from models_store.tuning.trainer import answer_loss

_ANSWERS = 0.2
_LENGTHS = (150, 700)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, default=STARTER)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20, help="about so many for each turn")
    settings = parser.parse_args()
    torch.set_num_threads(settings.threads)
    turns = [(loop(settings), trainer(settings)) for _ in range(2)]
    of_loop, of_trainer = (max(found) for found in zip(*turns, strict=True))
    ratio = round(of_trainer / of_loop, 2)
    print(json.dumps({"loop": round(of_loop), "trainer": round(of_trainer), "trainer_to_loop": ratio}))


def trainer(settings: argparse.Namespace) -> float:
    """Tokens a second, loading left out."""
    with tempfile.TemporaryDirectory() as work:
        training = _training(settings, Path(work))
        begun = time.process_time()
        figures = training.run((), Watch())
        return figures.tokens / (time.process_time() - begun)


def loop(settings: argparse.Namespace) -> float:
    """The same steps without a Trainer."""
    with tempfile.TemporaryDirectory() as work:
        training = _training(settings, Path(work))
        weights = [weight for weight in training.model.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=1e-4)
        epoch = Epochs(lambda _: _examples(settings.steps), tokens=training.settings.batch_tokens, seed=1)
        begun, tokens = time.process_time(), 0
        training.model.train()
        for batch in (epoch[at] for at in range(len(epoch))):
            answer_loss(training.model.get_base_model(), batch.tensors()).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            tokens += batch.count
        return tokens / (time.process_time() - begun)


def _training(settings: argparse.Namespace, work: Path) -> Training:
    lora = LoraSettings(epochs=1)
    return Training(settings.base, lora, examples=lambda _: _examples(settings.steps), work=work, run="speed")


def _examples(steps: int) -> list[Example]:
    """Random tokens, a fifth of them answers, enough for about so many batches."""
    random, left, made = Random(1), steps * LoraSettings().batch_tokens, []
    while left > 0:
        length = random.randint(*_LENGTHS)
        ids = [random.randrange(5, 4000) for _ in range(length)]
        answers = int(length * _ANSWERS)
        made.append(Example(Encoded(ids, length - answers, [1.0] * answers, [])))
        left -= length
    return made


if __name__ == "__main__":
    main()
