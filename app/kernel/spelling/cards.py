"""Numbers of member cards: our own, and those that a mall's old cards bear."""

from app.kernel.spelling import codes, marks


def spell_card(text: str) -> str:
    """A card's number as it is stored: no blanks, plain dashes, nothing of a gun; old cards may differ by capitals."""
    return marks.unblanked(codes.scanned(text))
