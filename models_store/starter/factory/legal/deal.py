"""What a contract is about: its kind, its parties, and which of its values are told at all."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.legal.phrases import Patterns, book
from models_store.starter.factory.legal.scene import Scene
from models_store.starter.factory.legal.tongue import LANGUAGES
from models_store.starter.factory.wordings import LISTS

BOOKS: dict[str, dict[str, Any]] = {
    language: book(Path(__file__).with_name(f"clauses_{language}.toml")) for language in LANGUAGES
}
CORE = (
    "effective_date", "contract_value", "term", "expiry_date", "termination_notice", "governing_law", "venue",
)  # fmt: skip
_TOLD = {"governing_law": 0.74, "venue": 0.4, "term": 0.66, "termination_notice": 0.55, "expiry_date": 0.3}
_ROLES = {
    "nda": ("role_discloser", "role_recipient"),
    "service": ("role_provider", "role_client"),
    "license": ("role_provider", "role_client"),
    "consulting": ("role_provider", "role_client"),
    "lease": ("role_landlord", "role_tenant"),
    "employment": ("role_employer", "role_employee"),
    "supply": ("role_seller", "role_buyer"),
    "sale": ("role_seller", "role_buyer"),
    "loan": ("role_lender", "role_borrower"),
}
_SUMS = {"lease": "rent", "employment": "salary", "loan": "loan_amount", "sale": "purchase_price"}
_SCALES = {
    "lease": (400, 60_000),
    "employment": (1_200, 250_000),
    "service": (300, 400_000),
    "consulting": (200, 90_000),
}


class Deal:
    """One contract: a scene with its parties, and the book of its language."""

    def __init__(self, desk: Desk, language: str) -> None:
        self.desk, self.random, self.language = desk, desk.random, language
        self.book = BOOKS[language]
        self.scene = Scene(desk, language)
        self.kind = desk.random.choice(("nda", "nda", *self.book["kinds"]))
        self.words = self.book["kinds"][self.kind]
        self.told = {name for name, share in _TOLD.items() if desk.chance(share)}
        self.dated = desk.random.choices(("made", "as_of", "signed", "late", "never"), (25, 30, 22, 13, 10))[0]
        if self.dated != "never":
            self.told.add("effective_date")
        if self.kind != "nda" and desk.chance(0.65):
            self.told.add("contract_value")
        self.swapped = desk.chance(0.12)
        self.alone = {"a": False, "b": False}
        self.amended = desk.chance(0.08)
        self.untold = frozenset(set(CORE) - self.told)
        self._name()
        self._stage()

    def _name(self) -> None:
        """Title and roles."""
        said, scene = self.scene.said, self.scene
        said["title_word"] = word = scene.say(self.words["titles"])
        title = word
        if self.amended:
            title = scene.say(self.book["amendment"]["titles"])
        self.title = self.desk.state("title", title.upper() if self.desk.chance(0.45) else title)
        said["TITLE"] = word.upper() if self.desk.chance(0.7) else word
        said["agr"] = self._agreement(word)
        self.roles = scene.say(self.words["roles"]).split(";")[:: -1 if self.swapped else 1]

    def _agreement(self, word: str) -> str:
        if self.language != "en":
            return word
        return self.desk.values.one(f"Agreement|Agreement|Agreement|Contract|agreement|{word}")

    def _stage(self) -> None:
        """Parties, their names in the text, and what they are after."""
        scene, said = self.scene, self.scene.said
        bare_roles = self.desk.chance(0.25)
        for side, role in zip("AB", self.roles, strict=True):
            said[side] = role if bare_roles or self.language != "en" else f"the {role}"
            said[f"{side}_full"] = self._party(side.lower(), role)
        if self.kind in _ROLES:
            for side, role_concept in zip("ba" if self.swapped else "ab", _ROLES[self.kind], strict=True):
                scene.also(f"party_{side}", role_concept)
        said["purpose"] = scene.say(self.words["purposes"])
        noun = scene.say(self.words["value_nouns"])
        said["value_noun"] = noun
        said["value_noun_a"] = ("an " if noun[0] in "aeiou" else "a ") + noun
        if "contract_value" in self.told:
            said["contract_value"] = scene.amount("contract_value", *_SCALES.get(self.kind, (1_000, 9_000_000)))
            scene.also("contract_value", _SUMS.get(self.kind, "fee"))

    def _party(self, side: str, role: str) -> str:
        """A party's name with what is told about it, and its role."""
        person = side == ("a" if self.swapped else "b") and (self.kind == "employment" or self.desk.chance(0.2))
        self.alone[side] = person
        said, scene, values = self.scene.said, self.scene, self.desk.values
        said[f"party_{side}"] = self.desk.state(f"party_{side}", values.person() if person else values.company())
        ways: Patterns = self.book["party"]["person" if person else "company"]
        brief = self.desk.size == 0 and self.desk.chance(0.7)
        full = said[f"party_{side}"] if brief else _for_side(scene, ways, side)
        said.update(full=full, role=role)
        text = scene.say(self.book["party"]["wraps"])
        del said["full"], said["role"]
        return text

    @property
    def pays_the_second(self) -> bool:
        """True where the money flows the other way: from the employer, the lender."""
        return self.swapped or self.kind in ("employment", "loan", "nda")

    def list_parties(self) -> None:
        """Both parties as one list."""
        parties = [self.scene.said["party_a"], self.scene.said["party_b"]]
        self.desk.draft.facts["contract_parties"] = Fact(LISTS["contract_parties"], parties)


def _for_side(scene: Scene, ways: Patterns, side: str) -> str:
    """A party's description, its slots those of its side."""
    random: Random = scene.random
    chosen = random.choice(ways.side(held_out=scene.desk.held_out))
    return chosen.write(lambda name: scene.fill(name if name[0] == "_" else f"{name}_{side}"), random)
