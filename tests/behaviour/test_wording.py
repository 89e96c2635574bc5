"""What people read of pages of the mini-program."""

import re
from pathlib import Path

from app.behaviour.wording import PAGES

PAGES_OF_SOURCE = Path(__file__).resolve().parents[2] / "miniprogram/src/pages.json"


def test_every_page_is_called_by_its_title() -> None:
    source = PAGES_OF_SOURCE.read_text()
    titles = re.findall(r'"pages/(\w+)/index", "style": \{\s*"navigationBarTitleText": "([^"]+)"', source)
    assert len(titles) == source.count('"path": "pages/')
    assert dict(titles) == PAGES
