"""All kinds of hostile files, and a folder full of them.

python -m tests.hostile.every_kind FOLDER
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.hostile import archives, mail, names, pdf_streams, pdf_structure, pdf_trees, pictures, polyglots, texts
from tests.hostile import truncations as cuts
from tests.hostile.kinds import Kind

FAMILIES = (pdf_structure, pdf_streams, pdf_trees, pictures, archives, mail, texts, polyglots, cuts, names)
KINDS: tuple[Kind, ...] = tuple(one for family in FAMILIES for one in family.KINDS)


def write_all(folder: Path, kinds: Sequence[Kind] = KINDS) -> int:
    """One sub-folder a kind, one file a variant. Returns how many files there are."""
    count = 0
    for one in kinds:
        place = folder / one.name
        place.mkdir(parents=True, exist_ok=True)
        for number in range(one.variants):
            with open(os.path.join(os.fsencode(place), one.file_name(number)), "wb") as file:
                file.write(one.make(number))
            count += 1
    return count


def main() -> None:
    folder = Path(sys.argv[1])
    print(f"{write_all(folder)} files of {len(KINDS)} kinds in {folder}")


if __name__ == "__main__":
    main()
