"""What the documentation says is true: the tree, the commands, the settings, the packages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import get_commands

from appliance.configuration import SECRETS_FROM_FILES, Configuration, environment_names

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((REPOSITORY / "docs").rglob("*.md"))
PAGES = [page for page in PAGES if page.exists()]
TEXT = {page.relative_to(REPOSITORY).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}

TREE_LINE = re.compile(r"^(?P<path>[\w./-]+/?)\s{2,}\S", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<second>[^|]*) \|", re.MULTILINE)


def tree_of(readme: str) -> list[str]:
    """Paths of the first code block that starts like a tree: a path, two blanks or more, what it is."""
    blocks = re.findall(r"```\w*\n(.*?)```", readme, re.DOTALL)
    trees = [TREE_LINE.findall(block) for block in blocks if "extraction/" in block]
    return trees[0] if trees else []


def missing_paths(readme: str) -> list[str]:
    return [path for path in tree_of(readme) if not (REPOSITORY / path).exists()]


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def unknown_targets(text: str, targets: set[str]) -> list[str]:
    """`make x` in code (a code span or an indented or fenced line) names a target."""
    named = re.findall(r"(?:`|^ {4}|^\$ |^)make ([a-z][a-z-]*)", text, re.MULTILINE)
    return sorted(set(named) - targets)


def unknown_commands(text: str, commands: set[str]) -> list[str]:
    return sorted(set(re.findall(r"manage\.py ([a-z_]+)", text)) - commands)


def machine_words(text: str) -> list[str]:
    """Paths of somebody's machine and hosts that hand out packages say nothing to a reader."""
    return re.findall(r"/home/\w+|/root/\S+|/work/\S+|/tmp/\S+|pypi\.\S+|huggingface\.co\S*|registry\.\S+\.\w+", text)


def dead_links(page: str, text: str) -> list[str]:
    """Links and pictures within the repository that lead nowhere; `page` is where the text stands."""
    links = re.findall(r"\]\(([^)#\s]+)", text)
    return [link for link in links if "://" not in link and not (REPOSITORY / page).parent.joinpath(link).exists()]


def rows(text: str) -> dict[str, str]:
    return {match["name"]: match["second"].strip() for match in ROW.finditer(text)}


def pinned(requirements: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z][A-Za-z0-9_-]*)", requirements, re.MULTILINE))


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_readme_tree_is_true() -> None:
    assert "README.md" in TEXT, "there is no README.md yet"
    assert len(tree_of(TEXT["README.md"])) >= 8
    assert missing_paths(TEXT["README.md"]) == []


def test_control_a_path_that_is_not_there_is_seen() -> None:
    readme = "```\nextraction/   the core\nextraction/nothing.py  is not there\n```"
    assert missing_paths(readme) == ["extraction/nothing.py"]


@pytest.mark.parametrize("page", TEXT)
def test_commands_named_in_a_page_exist(page: str) -> None:
    assert unknown_targets(TEXT[page], make_targets(read("Makefile"))) == []
    assert unknown_commands(TEXT[page], set(get_commands())) == []


def test_control_an_unknown_command_is_seen() -> None:
    assert unknown_targets("Type `make rnu` now\n    make tset  # twice\n", {"run", "test"}) == ["rnu", "tset"]
    assert unknown_commands("`manage.py upp`", {"up"}) == ["upp"]


@pytest.mark.parametrize("page", TEXT)
def test_a_page_names_no_machine_and_no_package_host(page: str) -> None:
    assert machine_words(TEXT[page]) == []


def test_control_a_machine_path_is_seen() -> None:
    assert machine_words("see /home/anna/x and /root/y") == ["/home/anna", "/root/y"]


@pytest.mark.parametrize("page", TEXT)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    assert dead_links(page, TEXT[page]) == []


def test_control_a_dead_link_is_seen() -> None:
    text = "[the map](architecture.md) and [a hole](holes/none.md#there), https://example.org"
    assert dead_links("docs/operations.md", text) == ["holes/none.md"]


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    assert set(rows(TEXT["docs/configuration.md"])) == set(environment_names())


def test_documented_defaults_are_the_real_ones() -> None:
    documented = rows(TEXT["docs/configuration.md"])
    plain = {
        name: str(default).lower() if isinstance(default, bool) else str(default)
        for name, field in environment_names().items()
        if isinstance(default := Configuration.model_fields[field].default, str | int)
    }
    assert {name: documented[name].strip("`") for name in plain} == plain


def test_secrets_that_may_come_from_files_are_named() -> None:
    assert [name for name in SECRETS_FROM_FILES if f"`{name}`" not in TEXT["docs/configuration.md"]] == []


def test_every_package_is_explained_and_every_explained_package_is_pinned() -> None:
    both = pinned(read("requirements.txt")) | pinned(read("requirements-dev.txt"))
    assert set(rows(TEXT["docs/dependencies.md"])) == both


def test_every_system_check_is_documented() -> None:
    ids = set(re.findall(r'id="(strongroom\.\w+)"', read("appliance/checks.py")))
    assert set(re.findall(r"strongroom\.[EW]\d+", TEXT["docs/operations.md"])) == ids


def test_system_checks_have_nothing_to_say_about_the_tests() -> None:
    assert [message.id for message in run_checks() if message.id not in {"strongroom.W002", "strongroom.W003"}] == []


def test_every_make_target_says_what_it_does_in_at_most_three_lines() -> None:
    makefile = read("Makefile")
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    bodies = re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)*)", makefile, re.MULTILINE)
    assert described == make_targets(makefile)
    assert [name for name, body in bodies if body.count("\n") > 3] == []
