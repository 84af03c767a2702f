"""What all papers share: the language's book, a scene, sender blocks, and text that no field asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.legal.deal import BOOKS
from models_store.starter.factory.legal.phrases import book
from models_store.starter.factory.legal.scene import Scene

_FOLDER = Path(__file__).parent
PAPERS: dict[str, dict[str, Any]] = {path.stem[-2:]: book(path) for path in sorted(_FOLDER.glob("papers_*.toml"))}
_NEUTRAL = ("force_majeure", "severability", "entire", "conduct", "data_protection")
_UNASKED = frozenset(
    {"A", "B", "agr", "purpose", "force_majeure_period", "contact_a", "contact_b", "contract_number"}
    | {"noncompete_period"}
)


class Page:
    """One paper in the making."""

    def __init__(self, desk: Desk, part: str = "letter") -> None:
        spoken = [language for language, papers in PAPERS.items() if part in papers]
        weights = [5 if language == "en" else 1 for language in spoken]
        self.desk, self.language = desk, desk.random.choices(spoken, weights)[0]
        self.book = PAPERS[self.language]
        self.scene = Scene(desk, self.language)

    def block(self, name: str, city: str) -> list[str]:
        """A letterhead: name, street and town, now and then ways to reach it."""
        desk, scene = self.desk, self.scene
        scene.said[name] = desk.state(name)
        town = desk.state(city, scene.city())
        street = desk.random.choice(desk.values.pools.street)
        code = desk.random.choice(desk.values.pools.postcode)
        lines = [
            scene.said[name],
            *desk.values.one(f"{street}\n{code} {town}|{street}, {code} {town}|{street}\n{town} {code}").split("\n"),
        ]
        if desk.chance(0.35):
            lines.append(desk.values.one("Tel. |Phone: |T: |☎ ") + desk.state("phone", desk.values.phone()))
        if desk.chance(0.25):
            lines.append(desk.values.one("E-mail: |Mail |") + desk.state("email", desk.values.email()))
        return lines

    def padding(self) -> list[str]:
        """General sentences for longer papers."""
        filler = BOOKS[self.language]["filler"]
        count = (0, 1, 5, 25)[self.desk.size]
        texts = [text for name in _NEUTRAL for text in self.scene.some(filler[name], count, without=_UNASKED)]
        self.desk.random.shuffle(texts)
        return texts[:count]
