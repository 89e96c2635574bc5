"""Whatever accent a mall chooses, text in it and on it can be read."""

import re

import pytest

from app.malls import colours
from app.web.pages import themes

pytestmark = pytest.mark.no_database

WHITE = (255, 255, 255)
ACCENTS = ["0f766e", "b42318", "ffcc00", "ffffff", "000000", "7c3aed", "f5a3c7", "2563eb", "808080"]


def variables(accent: str) -> dict[str, tuple[int, int, int]]:
    found = re.findall(r"(--[a-z-]+):#([0-9a-f]{6})", themes.css(accent))
    return {name: (int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)) for name, text in found}


@pytest.mark.parametrize("accent", ACCENTS)
def test_text_on_the_accent_and_accent_text_on_white_are_readable(accent: str) -> None:
    parts = variables(accent)
    assert colours.contrast(parts["--accent-ink"], parts["--accent"]) >= colours.READABLE
    assert colours.contrast(parts["--accent-text"], WHITE) >= colours.READABLE


@pytest.mark.parametrize("accent", ACCENTS)
def test_the_accent_itself_is_left_as_chosen(accent: str) -> None:
    assert f"--accent:#{accent};" in themes.css(accent)


def test_contrast_runs_from_one_to_twenty_one() -> None:
    assert colours.contrast(WHITE, WHITE) == 1
    assert round(colours.contrast(WHITE, (0, 0, 0)), 6) == 21
