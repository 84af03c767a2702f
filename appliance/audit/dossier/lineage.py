"""Where a value comes from: every thing that had a part in it, by its digest, and whether the digest still fits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from appliance.documents.models import DigestText, Document, Extraction, FieldValue
from appliance.review.models import Decision
from appliance.review.overlay import standing
from models_store import lineage
from models_store.card import ModelCard
from models_store.store import StoreError

_DIGEST = re.compile(r"[0-9a-f]{64}")
NOT_KEPT = "What this digest was made of was not kept."


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: what it is in words, its SHA-256 in hex, and the text that the digest is of.

    `text` is "" where none is kept; `fits` is False when the text does not hash to the digest. `link` leads to a page.
    """

    name: str
    words: str
    digest: str = ""
    text: str = ""
    fits: bool = True
    link: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A value of a run, what people decided about it since, and the chain behind the run."""

    value: FieldValue
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]

    @property
    def document(self) -> Document:
        return self.value.extraction.document

    @property
    def standing(self) -> Decision | None:
        """The decision that counts now."""
        return next(reversed(standing(self.decisions)), None)


def known_cards() -> dict[str, ModelCard]:
    """Cards of the store and of models removed from it; none where it cannot be read, so that a damaged store hides no
    lineage page."""
    try:
        return lineage.cards(root=settings.MODELS_STORE_ROOT, with_removed=True)
    except StoreError:
        return {}


def origin_of(value: FieldValue) -> Origin:
    run = value.extraction
    decisions = Decision.objects.filter(document=run.document_id, path=value.path).select_related("decided_by")
    return Origin(value, tuple(decisions.order_by("pk")), steps_of(run, known_cards()))


def steps_of(run: Extraction, cards: Mapping[str, ModelCard]) -> tuple[Step, ...]:
    """The chain behind a run, from the model back to the file."""
    texts = texts_of({run.prompt_digest, run.grammar_digest, run.reader_digest})
    return (
        *_models(run.model_digest, cards),
        _texted("Prompt", "How type and pages are put to the model", run.prompt_digest, texts),
        _schema(run),
        _texted(
            "Grammar and decoding",
            "What the model may answer, and what becomes of it",
            run.grammar_digest,
            texts,
        ),
        _texted("Reader", "What made words and boxes of the file", run.reader_digest, texts),
        Step("Original", f"{run.document.size} bytes, as uploaded", run.document.sha256),
    )


def texts_of(digests: set[str]) -> dict[str, str]:
    return dict(DigestText.objects.filter(digest__in=digests).values_list("digest", "text"))


def _models(digest: str, cards: Mapping[str, ModelCard]) -> Iterator[Step]:
    for number, ancestor in enumerate(lineage.ancestry(digest, cards)):
        name = "Base model" if number else "Model"
        if ancestor.card is None:
            # The model of the run has a page all the same: it made this run.
            link = "" if number else _link(ancestor.digest)
            yield Step(name, "Not in the store of this box; only its digest is known", ancestor.digest, link=link)
            continue
        link = _link(ancestor.digest)
        yield Step(name, _about(ancestor.card), ancestor.digest, link=link)
        if ancestor.card.adapter:
            yield Step("Adapter", f"What tuning added to make {ancestor.card.name}", ancestor.card.adapter)
        if ancestor.card.dataset_digest:
            yield Step("Data set", _data_in_words(ancestor.card), ancestor.card.dataset_digest)


def _link(digest: str) -> str:
    """A card may name a base by anything; only a digest has a page."""
    return reverse("dossier:model", args=[digest]) if _DIGEST.fullmatch(digest) else ""


def _about(card: ModelCard) -> str:
    parts = (card.name, card.quantization, f"made {card.made_at[:10]}" if card.made_at else "")
    return ", ".join(part for part in parts if part)


def _data_in_words(card: ModelCard) -> str:
    count = len(card.documents)
    named = f"{count} document{'s' if count != 1 else ''}" if count else "the card names no single documents"
    return f"What {card.name} was taught with; {named}"


def _texted(name: str, words: str, digest: str, texts: Mapping[str, str]) -> Step:
    text = texts.get(digest, "")
    fits = not text or hashlib.sha256(text.encode()).hexdigest() == digest
    return Step(name, words if text else f"{words}. {NOT_KEPT}", digest, text, fits)


def _schema(run: Extraction) -> Step:
    version = run.type_version
    fields = ", ".join(spec.name for spec in version.spec.fields)
    words = f"{version.document_type.name}, version {version.number}; fields: {fields}"
    return Step("Schema", words, run.schema_digest, fits=version.spec.digest == run.schema_digest)
