"""A few hostile files through a whole box; the long run is `make hostile`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.archives import docx_bomb
from tests.hostile.names import NAMES, strange_name
from tests.hostile.pdf_structure import encrypted_aes
from tests.hostile.pdf_trees import one_broken_page

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_every_file_of_a_folder_ends_clearly_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "files" / "deeper"
    folder.mkdir(parents=True)
    (folder / "pages.pdf").write_bytes(one_broken_page(0))
    (folder / "bomb.docx").write_bytes(docx_bomb(0))
    (folder / "locked.pdf").write_bytes(encrypted_aes(0))
    (folder / "empty.pdf").write_bytes(b"")
    (folder / NAMES[3].decode()).write_bytes(strange_name(3))
    command = [sys.executable, "-m", "bench.hostile", str(tmp_path / "files"), "--idle", "1"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["files"], figures["ended_clearly"]) == (5, 5)
    assert (figures["web_crashes"], figures["leftovers"]) == (0, 0)
    assert figures["states"] == {
        "read": 2,
        "quarantined: file_too_large": 1,
        "needs_password: password_needed": 1,
        "refused: empty_file": 1,
    }
