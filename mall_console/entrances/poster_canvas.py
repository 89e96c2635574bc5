"""Two sheets of A4 that are drawn alike: pixels at 300 dpi for PNG, vectors for PDF. Millimetres from the top left."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas as PdfPage

from app.kernel import printing
from app.kernel.printing import BOLD as BOLD
from app.kernel.printing import REGULAR as REGULAR

WIDTH_MM, HEIGHT_MM = 210, 297
DPI = 300

Colour = tuple[int, int, int]


class Sheet(Protocol):
    """What a poster is drawn on. Text sizes in points; `y` of a text is its baseline; `align` is l, m or r.

    A picture is square unless its height is given.
    """

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None: ...
    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None: ...
    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, *, font: str = REGULAR, align: str = "l"
    ) -> None: ...
    def picture(
        self, x: float, y: float, side: float, picture: Image.Image, *, height: float | None = None
    ) -> None: ...


def width_of(words: str, size: float, font: str = REGULAR) -> float:
    """How wide a text is, in millimetres."""
    return printing.width_of(words, size, font) / float(mm)


def lines_of(words: str, size: float, font: str, width: float) -> list[str]:
    """The text in lines of at most that width; Chinese may break anywhere, but no line begins with punctuation."""
    lines = [""]
    for letter in words:
        if width_of(lines[-1] + letter, size, font) > width and lines[-1] and letter not in "，。、！？；：）》":
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines]


class PixelSheet:
    """The PNG."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (_px(WIDTH_MM), _px(HEIGHT_MM)), (255, 255, 255))
        self._pen = ImageDraw.Draw(self._image)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        corners = (_px(x), _px(y), _px(x + width), _px(y + height))
        self._pen.rounded_rectangle(corners, radius=_px(radius), fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self._pen.ellipse((_px(x - radius), _px(y - radius), _px(x + radius), _px(y + radius)), fill=fill)

    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, *, font: str = REGULAR, align: str = "l"
    ) -> None:
        face = _pixel_font(font, round(size * DPI / 72))
        self._pen.text((_px(x), _px(y)), words, font=face, fill=fill, anchor=f"{align}s")

    def picture(self, x: float, y: float, side: float, picture: Image.Image, *, height: float | None = None) -> None:
        way = Image.Resampling.NEAREST if picture.mode == "1" else Image.Resampling.LANCZOS
        self._image.paste(picture.convert("RGB").resize((_px(side), _px(height or side)), way), (_px(x), _px(y)))

    def finish(self) -> bytes:
        """The picture with its resolution, so that print shops get the size right."""
        out = BytesIO()
        self._image.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()


class PdfSheet:
    """The PDF: text stays text."""

    def __init__(self, title: str) -> None:
        self._out = BytesIO()
        self._page = PdfPage(self._out, pagesize=A4)
        self._page.setTitle(title)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        self._fill(fill)
        box = (x * mm, (HEIGHT_MM - y - height) * mm, width * mm, height * mm)
        self._page.roundRect(*box, radius * mm, stroke=0, fill=1)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self._fill(fill)
        self._page.circle(x * mm, (HEIGHT_MM - y) * mm, radius * mm, stroke=0, fill=1)

    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, *, font: str = REGULAR, align: str = "l"
    ) -> None:
        self._fill(fill)
        self._page.setFont(printing.pdf_font(font), size)
        draw: Callable[..., None] = {
            "l": self._page.drawString,
            "m": self._page.drawCentredString,
            "r": self._page.drawRightString,
        }[align]
        draw(x * mm, (HEIGHT_MM - y) * mm, words)

    def picture(self, x: float, y: float, side: float, picture: Image.Image, *, height: float | None = None) -> None:
        high = height or side
        box = (x * mm, (HEIGHT_MM - y - high) * mm, side * mm, high * mm)
        self._page.drawImage(ImageReader(picture.convert("RGB")), *box)

    def finish(self) -> bytes:
        self._page.save()
        return self._out.getvalue()

    def _fill(self, colour: Colour) -> None:
        self._page.setFillColorRGB(*(part / 255 for part in colour))


def _px(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


@cache
def _pixel_font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(printing.FONTS / f"{name}.ttf", pixels)
