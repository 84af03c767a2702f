"""Which models a worker holds, and who answers when the one in force cannot be loaded. Models and clock are fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from appliance.documents.model_holder import (
    FIRST_PAUSE_SECONDS,
    LENT_KEPT_SECONDS,
    LONGEST_PAUSE_SECONDS,
    HeldModel,
    ModelHolder,
)
from extraction.errors import ModelUnavailable
from extraction.language_model import Generation, LanguageModel, Limits
from extraction.prompt import Prompt
from models_store.store import Pointer

MIB = 1024**2


@dataclass
class FakeModel:
    digest: str
    context_tokens: int = 1024
    is_open: bool = True

    def count_tokens(self, text: str) -> int:
        return len(text)

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        raise AssertionError("nobody is asked here")

    def close(self) -> None:
        self.is_open = False


@dataclass
class FakeSource:
    """Each model takes 100 MiB of `total`. `own`: pointers of types; `adapters`: what each is laid over."""

    in_force: Pointer | None
    most: int = 2
    total: int = 1000 * MIB
    broken: set[str] = field(default_factory=set)
    made: list[FakeModel] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    laid: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    own: dict[str, Pointer] = field(default_factory=dict)
    adapters: dict[str, str] = field(default_factory=dict)

    def pointer(self, document_type: str) -> tuple[str, Pointer]:
        if self.in_force is None:
            raise ModelUnavailable("no model is in force")
        own = self.own.get(document_type)
        return (document_type, own) if own else ("", self.in_force)

    def runs_on(self, digest: str) -> str:
        return self.adapters.get(digest, digest)

    def lay_over(self, model: HeldModel, digest: str) -> LanguageModel:
        if digest in self.broken:
            raise ModelUnavailable(f"{digest} is damaged")
        self.laid.append((model.digest, digest))
        return FakeModel(digest)

    def load(self, digest: str) -> FakeModel:
        self.tried.append(digest)
        if digest in self.broken:
            raise ModelUnavailable(f"{digest} is damaged")
        self.made.append(FakeModel(digest))
        return self.made[-1]

    def mark(self, digest: str) -> object:
        return self.files.get(digest, 0)

    def bytes_needed(self, digest: str) -> int:
        return 100 * MIB

    def bytes_free(self) -> int:
        return self.total - 100 * MIB * len(self.open())

    def most_models(self) -> int:
        return self.most

    def open(self) -> list[str]:
        return sorted(model.digest for model in self.made if model.is_open)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source() -> FakeSource:
    return FakeSource(Pointer("new", "old"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def holder(source: FakeSource, clock: Clock) -> ModelHolder:
    return ModelHolder(source, clock=clock)


def answering(holder: ModelHolder) -> str:
    model = holder.current().model
    return model.digest if model else ""


def test_a_model_is_loaded_once_and_answers_every_document(source: FakeSource, holder: ModelHolder) -> None:
    assert [answering(holder) for _ in range(3)] == ["new"] * 3
    assert source.tried == ["new"]


def test_the_next_document_gets_the_model_that_the_pointer_names(source: FakeSource, holder: ModelHolder) -> None:
    answers = []
    for pointer in (Pointer("old"), Pointer("new", "old"), Pointer("old", "new"), Pointer("newest", "old")):
        source.in_force = pointer
        answers.append(answering(holder))

    assert answers == ["old", "new", "old", "newest"]
    assert source.tried == ["old", "new", "newest"]  # going back loaded nothing
    assert source.open() == ["newest", "old"]


def test_the_previous_model_is_kept_ready_also_after_a_start(source: FakeSource, holder: ModelHolder) -> None:
    answering(holder)
    for _ in range(2):
        holder.warm_previous()

    assert (source.tried, holder.held()) == (["new", "old"], ("new", "old"))
    source.in_force = Pointer("old", "new")
    assert (answering(holder), source.tried) == ("old", ["new", "old"])


@pytest.mark.parametrize(
    ("most", "total", "broken"), [(1, 1000, ""), (2, 150, ""), (2, 1000, "old")], ids=["one", "memory", "damaged"]
)
def test_keeping_the_previous_one_ready_never_costs_the_one_in_force(
    source: FakeSource, holder: ModelHolder, most: int, total: int, broken: str
) -> None:
    source.most, source.total, source.broken = most, total * MIB, {broken}
    answering(holder)
    holder.warm_previous()

    assert holder.held() == ("new",)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_never_more_models_than_allowed(source: FakeSource, holder: ModelHolder, most: int) -> None:
    source.most = most
    seen = []
    for lent in ("a", "b", "new", "c"):
        answering(holder)
        holder.warm_previous()
        with holder.lent(lent) as model:
            assert model.digest == lent
            seen.append(len(source.open()))

    assert max(seen) == most


def test_lending_takes_the_place_of_the_previous_one_first(source: FakeSource, holder: ModelHolder) -> None:
    source.most = 3
    answering(holder)
    holder.warm_previous()
    with holder.lent("candidate"):
        assert source.open() == ["candidate", "new", "old"]
    with holder.lent("another"):
        assert source.open() == ["another", "new", "old"]  # what nobody keeps goes first

    source.most = 2
    with holder.lent("third"):
        assert source.open() == ["new", "third"]


def test_a_model_that_was_lent_makes_room_again_when_nobody_asks_for_it(
    source: FakeSource, holder: ModelHolder, clock: Clock
) -> None:
    answering(holder)
    with holder.lent("candidate"):
        pass
    holder.warm_previous()
    assert source.open() == ["candidate", "new"]  # it may be asked for again in a moment

    clock.now += LENT_KEPT_SECONDS + 1
    answering(holder)
    holder.warm_previous()

    assert source.open() == ["new", "old"]


def test_models_make_room_when_memory_is_short(source: FakeSource, holder: ModelHolder) -> None:
    source.total = 250 * MIB
    source.most = 5
    for digest in ("a", "b", "c"):
        with holder.lent(digest):
            pass

    assert source.open() == ["b", "c"]


def test_a_model_that_can_never_fit_is_refused_in_words(source: FakeSource, holder: ModelHolder) -> None:
    source.total = 50 * MIB

    serving = holder.current()

    assert serving.model is None
    assert serving.trouble == "model new needs 100 MiB of memory, 50 MiB are free"
    assert source.tried == []


def test_the_previous_one_answers_while_the_one_in_force_is_damaged(source: FakeSource, holder: ModelHolder) -> None:
    source.broken = {"new"}

    serving = holder.current()

    assert (serving.in_force, answering(holder), serving.trouble) == ("new", "old", "new is damaged")


@pytest.mark.parametrize(("pointer", "tried"), [(Pointer("new", "old"), ["new", "old"]), (Pointer("new"), ["new"])])
def test_nobody_answers_when_no_model_can_be_loaded(
    source: FakeSource, holder: ModelHolder, pointer: Pointer, tried: list[str]
) -> None:
    source.in_force, source.broken = pointer, {"new", "old"}

    serving = holder.current()

    assert (serving.model, serving.trouble, source.tried) == (None, "new is damaged", tried)


def test_without_a_model_in_force_there_is_nothing_to_serve(source: FakeSource, holder: ModelHolder) -> None:
    source.in_force = None
    with pytest.raises(ModelUnavailable, match="no model is in force"):
        holder.current()
    holder.warm_previous()  # and nothing happens

    assert source.tried == []


def test_a_damaged_model_is_tried_again_after_longer_and_longer_pauses(
    source: FakeSource, holder: ModelHolder, clock: Clock
) -> None:
    source.broken = {"new"}
    tries: list[float] = []
    for _ in range(3600):
        answering(holder)
        if source.tried.count("new") > len(tries):
            tries.append(clock.now)
        clock.now += 1

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert len(tries) < 20  # of 3,600 documents


def test_it_serves_again_when_it_can_be_loaded_again(source: FakeSource, holder: ModelHolder, clock: Clock) -> None:
    source.broken = {"new"}
    answering(holder)
    source.broken = set()
    assert answering(holder) == "old"  # not yet: the pause is not over

    clock.now += FIRST_PAUSE_SECONDS

    assert (answering(holder), holder.current().trouble) == ("new", "")


def test_a_file_that_was_mended_is_tried_at_once(source: FakeSource, holder: ModelHolder) -> None:
    source.broken = {"new"}
    answering(holder)
    source.broken, source.files["new"] = set(), 1

    assert answering(holder) == "new"


def test_a_file_that_changes_under_a_loaded_model_is_read_again(source: FakeSource, holder: ModelHolder) -> None:
    source.in_force = Pointer("new", "old")
    answering(holder)
    source.broken, source.files["new"] = {"new"}, 1

    assert answering(holder) == "old"
    assert source.open() == ["old"]


def test_a_failing_loan_disturbs_nobody(source: FakeSource, holder: ModelHolder) -> None:
    source.broken = {"candidate"}
    answering(holder)
    with pytest.raises(ModelUnavailable), holder.lent("candidate"):
        raise AssertionError("it is not lent")

    assert (answering(holder), source.tried) == ("new", ["new", "candidate"])


def test_closing_frees_everything(source: FakeSource, holder: ModelHolder) -> None:
    answering(holder)
    holder.warm_previous()
    holder.close()

    assert (source.open(), holder.held()) == ([], ())


def test_types_share_the_model_below_their_adapters(source: FakeSource, holder: ModelHolder) -> None:
    source.own = {"invoice": Pointer("for invoices", "new"), "receipt": Pointer("for receipts", "new")}
    source.adapters = {"for invoices": "new", "for receipts": "new"}

    answered = [holder.current(name) for name in ("invoice", "receipt", "contract", "invoice")]

    assert [serving.model and serving.model.digest for serving in answered] == [
        "for invoices", "for receipts", "new", "for invoices",
    ]  # fmt: skip
    assert [serving.document_type for serving in answered] == ["invoice", "receipt", "", "invoice"]
    assert (source.tried, source.laid) == (["new"], [("new", "for invoices"), ("new", "for receipts")])
    assert holder.held() == ("new", "for invoices", "for receipts")


def test_adapter_that_cannot_be_laid_over_leaves_its_type_to_the_one_before(
    source: FakeSource, holder: ModelHolder
) -> None:
    source.own, source.adapters = {"invoice": Pointer("for invoices", "new")}, {"for invoices": "new"}
    source.broken = {"for invoices"}

    serving = holder.current("invoice")

    assert (serving.in_force, serving.model and serving.model.digest) == ("for invoices", "new")
    assert (serving.document_type, serving.trouble) == ("invoice", "for invoices is damaged")
    source.broken = set()  # control: sound again, it answers
    assert holder.current("invoice").trouble == ""


def test_adapters_go_with_the_model_that_they_are_laid_over(source: FakeSource, holder: ModelHolder) -> None:
    source.most, source.own = 1, {"invoice": Pointer("for invoices", "new")}
    source.adapters = {"for invoices": "old"}
    holder.current("invoice")
    assert holder.held() == ("old", "for invoices")

    holder.current()

    assert holder.held() == ("new",)
    assert source.open() == ["new"]
    holder.current("invoice")
    assert source.laid == [("old", "for invoices")] * 2


def test_adapter_is_lent_with_the_model_below_it(source: FakeSource, holder: ModelHolder) -> None:
    source.most, source.adapters = 1, {"for invoices": "old"}
    with holder.lent("for invoices") as model:
        assert model.digest == "for invoices"
        assert source.open() == ["old"]
