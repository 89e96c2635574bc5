"""What is written with on paper: the Chinese fonts that the front-end build puts beside the product (SIL OFL)."""

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parents[2] / "var" / "build" / "fonts"
REGULAR, BOLD = "NotoSansSC_400Regular", "NotoSansSC_700Bold"


@cache
def pdf_font(name: str) -> str:
    """The font, known to reportlab by its name; a document takes only the letters it uses along."""
    pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return name


def width_of(words: str, size: float, font: str = REGULAR) -> float:
    """How wide a text is, in points."""
    return float(pdfmetrics.stringWidth(words, pdf_font(font), size))


def fitted(words: str, size: float, width: float, font: str = REGULAR) -> str:
    """The text, cut with an ellipsis where it is wider than that many points."""
    if width_of(words, size, font) <= width:
        return words
    while words and width_of(f"{words}…", size, font) > width:
        words = words[:-1]
    return f"{words}…"
