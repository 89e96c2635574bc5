"""The poster that a member sends to friends: the mall, who invites, what joining gives, and the code; for a phone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import qrcode
from PIL import Image, ImageDraw, ImageFont, ImageOps
from qrcode.constants import ERROR_CORRECT_M

from app.kernel import printing
from app.malls import colours
from app.malls.colours import Colour

# Twice a phone's 375 points, and as high as a poster looks whole in a chat.
WIDTH, HEIGHT = 750, 1150
MOST_GIFTS = 3
_BAND, _MARGIN, _CODE = 470, 56, 300
_INK, _QUIET, _PAPER, _WASH = (23, 32, 43), (98, 108, 123), (255, 255, 255), (246, 246, 247)
_NOT_FIRST = "，。、！？；：）》"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePoster:
    """What stands on it. `accent` is the mall's `#rrggbb`; `code` the platform's picture, None until it came."""

    mall: str
    accent: str
    inviter: str
    headline: str
    gifts: Sequence[str]
    code: bytes | None
    link: str
    logo: bytes | None = None
    cover: bytes | None = None


def as_jpeg(poster: SharePoster) -> bytes:
    """The picture, small enough to travel in an answer."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(sheet)
    accent = colours.parse(poster.accent)
    _draw_band(sheet, pen, poster, accent)
    _draw_gifts(pen, poster, accent)
    _draw_code(sheet, pen, poster)
    out = BytesIO()
    sheet.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _draw_band(sheet: Image.Image, pen: ImageDraw.ImageDraw, poster: SharePoster, accent: Colour) -> None:
    words = _PAPER if colours.contrast(_PAPER, accent) >= colours.contrast(_INK, accent) else _INK
    if poster.cover:
        sheet.paste(_veiled(poster.cover, accent), (0, 0))
    else:
        pen.rectangle((0, 0, WIDTH, _BAND), fill=accent)
        pen.ellipse((WIDTH - 260, -170, WIDTH + 160, 250), fill=_mixed(accent, _PAPER, 10))
        pen.ellipse((WIDTH - 170, -90, WIDTH + 90, 170), fill=_mixed(accent, _PAPER, 18))
    left = _draw_logo(sheet, pen, poster.logo) if poster.logo else _MARGIN
    pen.text((left, 92), poster.mall, font=_font(38, bold=True), fill=words, anchor="lm")
    pen.text((_MARGIN, 210), f"{poster.inviter} 邀请您", font=_font(34), fill=words, anchor="lm")
    for row, line in enumerate(_lines(poster.headline, 54, WIDTH - 2 * _MARGIN, whole=poster.mall)[:3]):
        pen.text((_MARGIN, 284 + row * 74), line, font=_font(54, bold=True), fill=words, anchor="lm")


def _draw_logo(sheet: Image.Image, pen: ImageDraw.ImageDraw, logo: bytes) -> int:
    """The mall's mark on a white tile before its name; returns where the name begins."""
    pen.rounded_rectangle((_MARGIN, 56, _MARGIN + 72, 128), radius=16, fill=_PAPER)
    sheet.paste(ImageOps.pad(_opened(logo), (56, 56), color=_PAPER), (_MARGIN + 8, 64))
    return _MARGIN + 92


def _veiled(cover: bytes, accent: Colour) -> Image.Image:
    """The cover behind the words, in the mall's colour: thinner towards the right."""
    size = (WIDTH, _BAND)
    veil = Image.linear_gradient("L").rotate(90).resize(size).point(lambda share: max(120, 250 - share // 2))
    return Image.composite(Image.new("RGB", size, accent), ImageOps.fit(_opened(cover), size), veil)


def _draw_gifts(pen: ImageDraw.ImageDraw, poster: SharePoster, accent: Colour) -> None:
    """What joining gives, a chip for each."""
    gifts = poster.gifts[:MOST_GIFTS] or ["消费攒积分，停车可抵扣"]
    ink = next((one for step in range(0, 100, 10) if _is_readable(one := _mixed(accent, _INK, step))), _INK)
    pen.text((_MARGIN, _BAND + 54), "入会即得", font=_font(28), fill=_QUIET, anchor="lm")
    for row, gift in enumerate(gifts):
        top = _BAND + 88 + row * 74
        pen.rounded_rectangle((_MARGIN, top, WIDTH - _MARGIN, top + 62), radius=16, fill=_mixed(accent, _PAPER, 91))
        line = _lines(gift, 30, WIDTH - 2 * _MARGIN - 56)[0]
        pen.text((_MARGIN + 28, top + 31), line, font=_font(30, bold=True), fill=ink, anchor="lm")


def _draw_code(sheet: Image.Image, pen: ImageDraw.ImageDraw, poster: SharePoster) -> None:
    top = HEIGHT - _CODE - 56
    pen.rectangle((0, top - 40, WIDTH, HEIGHT), fill=_WASH)
    pen.rounded_rectangle((_MARGIN, top - 4, _MARGIN + _CODE, top + _CODE - 4), radius=20, fill=_PAPER)
    code = _opened(poster.code) if poster.code else _qr(poster.link)
    way = Image.Resampling.LANCZOS if poster.code else Image.Resampling.NEAREST
    sheet.paste(code.resize((_CODE - 24, _CODE - 24), way), (_MARGIN + 12, top + 8))
    left = _MARGIN + _CODE + 36
    pen.text((left, top + 110), "长按识别", font=_font(40, bold=True), fill=_INK, anchor="lm")
    pen.text((left, top + 170), "凭手机号入会", font=_font(30), fill=_QUIET, anchor="lm")
    pen.text((left, top + 212), "入会礼即时到账", font=_font(30), fill=_QUIET, anchor="lm")


def _qr(text: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=1, box_size=8)
    code.add_data(text)
    drawn: Image.Image = code.make_image().get_image()
    return drawn.convert("RGB")


def _opened(picture: bytes) -> Image.Image:
    """A picture on white, whatever it came as."""
    image = Image.open(BytesIO(picture)).convert("RGBA")
    paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, image).convert("RGB")


def _lines(words: str, size: int, width: int, whole: str = "") -> list[str]:
    """The text in lines of at most that width; after a comma where that is near, never beginning with punctuation.

    No line ends inside `whole`, if that fits into one.
    """
    lines, font = [""], _font(size, bold=True)
    pieces = re.findall(f"{re.escape(whole)}|.", words) if 0 < font.getlength(whole) <= width else words
    for letter in pieces:
        ends_phrase = lines[-1].endswith("，") and font.getlength(lines[-1]) > width * 0.5
        if lines[-1] and (ends_phrase or font.getlength(lines[-1] + letter) > width) and letter not in _NOT_FIRST:
            lines.append("")
        lines[-1] += letter
    return [line.rstrip("，") for line in lines]


def _is_readable(colour: Colour) -> bool:
    return colours.contrast(colour, _PAPER) >= colours.READABLE


def _mixed(colour: Colour, other: Colour, percent: int) -> Colour:
    red, green, blue = ((a * (100 - percent) + b * percent) // 100 for a, b in zip(colour, other, strict=True))
    return red, green, blue


@cache
def _font(pixels: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = printing.BOLD if bold else printing.REGULAR
    return ImageFont.truetype(printing.FONTS / f"{name}.ttf", pixels)
