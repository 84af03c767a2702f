"""Every entry of a folder is found, whatever it is; nothing that is no file is opened."""

from __future__ import annotations

import os
from pathlib import Path

from bench.hostile.files import every_file


def test_a_folder_of_oddities_is_walked_to_its_end(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "letter.txt").write_text("letter")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "to-letter").symlink_to(deep / "letter.txt")
    os.mkfifo(tmp_path / "pipe")
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\n.txt"), "wb") as file:
        file.write(b"odd name")
    found = {one.untrusted_name: one.obstacle for one in every_file(tmp_path)}
    assert found == {
        "letter.txt": "",
        "nowhere": "link_leads_nowhere",
        "round": "link_to_a_folder",
        "to-letter": "",
        "pipe": "no_file",
        "\ufffd\n.txt": "",
    }


def test_a_file_is_given_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x00\xff")
    assert [one.read() for one in every_file(tmp_path)] == [b"\x00\xff"]


def test_a_folder_that_is_not_there_is_said() -> None:
    (found,) = every_file(Path("/nowhere/at/all"))
    assert found.obstacle == "folder_cannot_be_opened"
