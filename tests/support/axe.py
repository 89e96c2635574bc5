"""axe-core in a page: what of it somebody cannot see, hear or press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.support import run

SOURCE = run.ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")

_LOOK = """async (known) => {
  const options = { resultTypes: ['violations'], iframes: false, preload: false }
  const found = await axe.run({ include: [document], exclude: known }, options)
  return found.violations.map(({ id, impact, nodes }) => ({ id, impact, places: nodes.map((node) => node.html) }))
}"""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the page breaks, and the first elements that break it."""

    rule: str
    impact: str
    places: tuple[str, ...]


def look(page: Page, *, known: Sequence[str] = ()) -> list[Finding]:
    """The serious and critical findings on the page as it stands now; lesser ones are matters of taste.

    `known` are selectors of parts that were looked at on another page.
    """
    if not page.evaluate("'axe' in window"):
        page.add_init_script(path=SOURCE)  # pages to come have it by themselves, for half of what handing it over costs
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return list(_grave(page.evaluate(_LOOK, list(known))))


def _grave(found: list[dict[str, Any]]) -> Iterator[Finding]:
    for one in found:
        if one["impact"] in GRAVE:
            yield Finding(one["id"], one["impact"], tuple(place[:300] for place in one["places"][:5]))
