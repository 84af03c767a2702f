"""What was said while a document was extracted: every question to the model and its answer, so that it can be repeated.

`Recorder` stands between the pipeline and a model; the pipeline does not know it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from extraction.language_model import Generation, LanguageModel, Limits
from extraction.prompt import Mark, Prompt


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer. `question`: SHA-256 (hex) of prompt and grammar; the rest as in `Generation`."""

    question: str
    answer: bytes
    finished: bool
    tokens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass
class Recorder:
    """A language model that is another one and remembers what was said, in order."""

    model: LanguageModel
    turns: list[Turn] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return self.model.digest

    @property
    def context_tokens(self) -> int:
        return self.model.context_tokens

    def count_tokens(self, text: str) -> int:
        return self.model.count_tokens(text)

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        said = self.model.generate(prompt, grammar, limits=limits)
        self.turns.append(Turn(question_digest(prompt, grammar), said.answer, said.finished, said.tokens, said.ends))
        return said


def question_digest(prompt: Prompt, grammar: str) -> str:
    """Marks and texts count as different things: a mark that is printed in a document is no mark."""
    digest = hashlib.sha256()
    for segment in (*prompt.segments, grammar):
        kind = b"mark" if isinstance(segment, Mark) else b"text"
        data = segment.encode("utf-8", "surrogatepass")
        digest.update(b"%s %d\n%s\n" % (kind, len(data), data))
    return digest.hexdigest()
