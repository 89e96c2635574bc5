"""The poster of an entrance: the mall, what scanning gives, the mini-program code, and a plain QR code beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import qrcode
from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_M

from app.malls import colours
from mall_console.entrances.poster_canvas import (
    BOLD,
    HEIGHT_MM,
    REGULAR,
    WIDTH_MM,
    Colour,
    PdfSheet,
    PixelSheet,
    Sheet,
    lines_of,
    width_of,
)

_INK: Colour = (23, 32, 43)
_QUIET: Colour = (98, 108, 123)
_PAPER: Colour = (255, 255, 255)
_MARGIN = 18.0
_BAND = 128.0
_LONGEST_HEADLINE = 3
_BESIDE_COVER = 122.0  # so much of the band is veiled enough to write on
MOST_BENEFITS = 3
_MOST_CONDITIONS = 4  # what a discount in some stores has, the kind with the most


@dataclass(frozen=True, slots=True)
class Benefit:
    """What one gets, and its conditions in short lines."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster. `accent` is the mall's `#rrggbb`; `code` the platform's picture, None until it came.

    `logo` and `cover` are the mall's pictures, None where it has none.
    """

    mall: str
    accent: str
    headline: str
    benefits: Sequence[Benefit]
    code: bytes | None
    join_url: str
    entrance: str
    scene: str
    logo: bytes | None = None
    cover: bytes | None = None


def as_png(poster: Poster) -> bytes:
    """A4 at 300 dpi."""
    sheet = PixelSheet()
    _draw(sheet, poster)
    return sheet.finish()


def as_pdf(poster: Poster) -> bytes:
    """A4 with text as text."""
    sheet = PdfSheet(f"{poster.mall} {poster.entrance}")
    _draw(sheet, poster)
    return sheet.finish()


def _draw(sheet: Sheet, poster: Poster) -> None:
    accent = _colour(poster.accent)
    paper = _PAPER if colours.contrast(_PAPER, accent) >= colours.contrast(_INK, accent) else _INK
    _draw_band(sheet, poster, accent, paper)
    _draw_code(sheet, poster, accent)
    _draw_benefits(sheet, poster, accent)
    _draw_foot(sheet, poster)


def _draw_band(sheet: Sheet, poster: Poster, accent: Colour, paper: Colour) -> None:
    sheet.rectangle(0, 0, WIDTH_MM, _BAND, accent)
    if poster.cover:
        sheet.picture(0, 0, WIDTH_MM, _under_accent(poster.cover, accent), height=_BAND)
    else:
        sheet.disc(WIDTH_MM - 14, 8, 62, _mixed(accent, _PAPER, 9))
        sheet.disc(WIDTH_MM - 14, 8, 38, _mixed(accent, _PAPER, 17))
    left = _draw_logo(sheet, poster.logo) if poster.logo else _MARGIN
    sheet.text(left, 30, poster.mall, 25, paper, font=BOLD)
    sheet.text(left, 38.5, "会员俱乐部", 12.5, _mixed(accent, paper, 78))
    size, lines = _headline(poster.headline, _BESIDE_COVER if poster.cover else WIDTH_MM - 2 * _MARGIN)
    for number, line in enumerate(lines):
        sheet.text(_MARGIN, 62 + number * size * 0.47, line, size, paper, font=BOLD)


def _draw_logo(sheet: Sheet, logo: bytes) -> float:
    """The mall's mark on a white tile before its name; returns where the name begins."""
    side = 18.0
    sheet.rectangle(_MARGIN, 21.5, side, side, _PAPER, radius=4)
    tile = ImageOps.pad(_opened(logo), (600, 600), color=_PAPER)
    sheet.picture(_MARGIN + 2.2, 23.7, side - 4.4, tile)
    return _MARGIN + side + 5


def _under_accent(cover: bytes, accent: Colour) -> Image.Image:
    """The cover behind the words: all accent where they stand, itself towards the right."""
    size = (1260, round(1260 * _BAND / WIDTH_MM))
    picture = ImageOps.fit(_opened(cover), size)
    veil = Image.linear_gradient("L").rotate(90).resize(size).point(_veil)
    return Image.composite(Image.new("RGB", size, accent), picture, veil)


def _veil(share: float) -> float:
    """Opaque on the left, where the words stand, then thinner."""
    return 255 if share < 100 else max(70, 255 - (share - 100) * 1.3)


def _headline(words: str, width: float) -> tuple[float, list[str]]:
    """The headline as large as it fits in two lines, in three only when it is long, broken after commas if possible."""
    phrases = re.findall("[^，]+，?", words)
    halves = [["".join(phrases[:at]), "".join(phrases[at:])] for at in range(1, len(phrases))]
    for size in (44, 40, 36, 32):
        fitting = next((lines for lines in [[words], *reversed(halves)] if _fit(lines, size, width)), None)
        if fitting is not None:
            return size, fitting
    if len(phrases) <= _LONGEST_HEADLINE and _fit(phrases, 29, width):
        return 29, phrases
    for size in (44, 40, 36, 32):
        lines = lines_of(words, size, BOLD, width)
        if len(lines) <= 2:
            return size, lines
    return 28, lines_of(words, 28, BOLD, width)[:_LONGEST_HEADLINE]


def _fit(lines: Sequence[str], size: float, width: float) -> bool:
    return all(width_of(line, size, BOLD) <= width for line in lines)


def _draw_code(sheet: Sheet, poster: Poster, accent: Colour) -> None:
    side, left, top = 84.0, (WIDTH_MM - 104) / 2, 94.0
    sheet.rectangle(left - 0.4, top - 0.4, 104.8, 118.8, _mixed(accent, _PAPER, 72), radius=8.4)
    sheet.rectangle(left, top, 104, 118, _PAPER, radius=8)
    code = _opened(poster.code) if poster.code else _qr(poster.join_url)
    sheet.picture(left + 10, top + 10, side, code)
    sheet.text(WIDTH_MM / 2, top + 104, "微信扫一扫，两步入会", 17, _INK, font=BOLD, align="m")
    sheet.text(WIDTH_MM / 2, top + 111.5, "不用填表，入会礼即时到账", 11.5, _QUIET, align="m")


def _draw_benefits(sheet: Sheet, poster: Poster, accent: Colour) -> None:
    shown = poster.benefits[:MOST_BENEFITS]
    if not shown:
        return
    gap, width = 6.0, WIDTH_MM - 2 * _MARGIN
    each = (width - gap * (len(shown) - 1)) / len(shown)
    text = _readable(accent)
    for number, benefit in enumerate(shown):
        x, y = _MARGIN + number * (each + gap), 219.0
        sheet.rectangle(x, y, each, 33, _mixed(accent, _PAPER, 91), radius=4)
        title = lines_of(benefit.title, 15, BOLD, each - 10)[0]
        sheet.text(x + each / 2, y + 10, title, 15, text, font=BOLD, align="m")
        for row, line in enumerate(_small_print(benefit, each - 8)):
            sheet.text(x + each / 2, y + 16.8 + row * 4.7, line, 10, _QUIET, align="m")


def _small_print(benefit: Benefit, width: float) -> list[str]:
    """The conditions, each on a line of its own; none is left out, a long one is shortened."""
    shown = benefit.lines[:_MOST_CONDITIONS]
    return [line if width_of(line, 10) <= width else f"{lines_of(line, 10, REGULAR, width - 4)[0]}…" for line in shown]


def _draw_foot(sheet: Sheet, poster: Poster) -> None:
    top = 259.0
    sheet.picture(_MARGIN, top, 24, _qr(poster.join_url))
    sheet.text(_MARGIN + 28, top + 9, "没有微信？用手机相机扫这里", 12, _INK, font=BOLD)
    sheet.text(_MARGIN + 28, top + 15.5, "在浏览器里用手机号入会，权益一样", 10, _QUIET)
    sheet.text(WIDTH_MM - _MARGIN, HEIGHT_MM - 17, poster.entrance, 8, _QUIET, align="r")
    sheet.text(WIDTH_MM - _MARGIN, HEIGHT_MM - 13, poster.scene, 7, _QUIET, align="r")


def _qr(text: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=1, box_size=8)
    code.add_data(text)
    drawn: Image.Image = code.make_image().get_image()
    return drawn.convert("1")


def _opened(picture: bytes) -> Image.Image:
    """The platform's picture on white, whatever it came as."""
    image = Image.open(BytesIO(picture)).convert("RGBA")
    paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, image).convert("RGB")


def _readable(accent: Colour) -> Colour:
    steps = (_mixed(accent, _INK, percent) for percent in range(0, 100, 10))
    return next((step for step in steps if colours.contrast(step, _PAPER) >= colours.READABLE), _INK)


def _mixed(colour: Colour, other: Colour, percent: int) -> Colour:
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _colour(accent: str) -> Colour:
    return int(accent[1:3], 16), int(accent[3:5], 16), int(accent[5:7], 16)
