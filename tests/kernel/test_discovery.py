"""What packages export is found by the name of its module, and no two export the same."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import discovery
from app.kernel.discovery import ExportedTwice, merged, modules_named

pytestmark = pytest.mark.no_database


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `made_up` with two subjects, `one` and `two`."""
    folder = tmp_path / "made_up"
    for package in (folder, folder / "one", folder / "two"):
        package.mkdir()
        (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    discovery._paths.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_up"]:
        del sys.modules[name]


def test_modules_are_found_at_every_depth_by_their_name(made_up: Path) -> None:
    (made_up / "wording.py").touch()
    (made_up / "two" / "wording.py").touch()
    (made_up / "two" / "other.py").write_text("raise ValueError('nobody asked for this one')")
    found = [module.__name__ for module in modules_named("wording", below="made_up")]
    assert found == ["made_up.two.wording", "made_up.wording"]


def test_tables_are_merged_and_a_module_without_one_adds_nothing(made_up: Path) -> None:
    (made_up / "one" / "wording.py").write_text("ERRORS = {'a': '甲'}")
    (made_up / "two" / "wording.py").write_text("ACTIONS = {'b': '乙'}")
    assert merged("ERRORS", named="wording", below=["made_up"]) == {"a": "甲"}


def test_the_same_key_twice_is_refused_and_both_places_are_named(made_up: Path) -> None:
    (made_up / "one" / "wording.py").write_text("ERRORS = {'a': '甲'}")
    (made_up / "two" / "wording.py").write_text("ERRORS = {'a': '乙'}")
    with pytest.raises(ExportedTwice, match=r"ERRORS\['a'\] stands in made_up.one.wording and in made_up.two.wording"):
        merged("ERRORS", named="wording", below=["made_up"])
