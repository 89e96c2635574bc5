"""Facts: the typed names of acts, such as `redemption:<id>` or `purchase:<source>:<receipt no>`.

A ledger that is unique by fact writes an act once, however often it is told of it. A fact is its text, because the text
is what is stored, compared and sent; beside it stands what the text was made of, so that nobody takes the text apart.
Each package names its own facts in its `facts.py`, with one constructor each; this module knows none of them.
"""

import re
from functools import lru_cache
from typing import Self

_KIND = re.compile(r"[a-z]+(-[a-z]+)*")


class Fact(str):
    """The name of an act: a kind and what tells this act from others of its kind.

    The last part may hold a colon, such as a receipt number out of somebody else's till; a part before it may not, so
    that two acts never share a text. Raises ValueError for what would break that.
    """

    kind: str
    parts: tuple[str, ...]

    def __new__(cls, kind: str, *parts: object) -> Self:
        _ensure_kind(kind)
        words = tuple(map(str, parts))
        for word in words[:-1]:
            if ":" in word:
                raise ValueError(f"only the last part of a fact holds a colon, not {word!r}")
        fact = super().__new__(cls, ":".join((kind, *words)))
        fact.kind, fact.parts = kind, words
        return fact

    def __getnewargs__(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.kind, *self.parts)

    @classmethod
    def parse(cls, text: str, *, parts: int) -> Self:
        """The fact that a text names, of a kind that has so many parts. Raises ValueError for any other text."""
        kind, *words = text.split(":", parts)
        if len(words) != parts:
            raise ValueError(f"{text!r} has not {parts} parts")
        return cls(kind, *words)

    @property
    def scope(self) -> str | None:
        """Within what `ref` is unique: the parts before the last, None when there are none."""
        return ":".join(self.parts[:-1]) or None

    @property
    def ref(self) -> str:
        """What the act is known by within its kind and scope: the last part, empty for a kind without parts."""
        return self.parts[-1] if self.parts else ""


@lru_cache(maxsize=256)
def _ensure_kind(kind: str) -> None:
    if _KIND.fullmatch(kind) is None:
        raise ValueError(f"{kind!r} is no kind of fact")


def kind_of(text: str) -> str:
    """The kind of the fact that a kept text names."""
    return text.partition(":")[0]
