"""Receipts that members of the demo photographed: drawn, laid askew on a table, and sent for people to read."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from app.flows.claims import photographing
from app.identity import queries
from app.identity.models import IdentityKind
from app.kernel import clock, money, printing
from app.kernel.db import atomic
from app.malls.models import Store
from app.pictures import photographs
from app.purchases.photos import prints
from cli.demo import drivers

_TABLE, _PAPER, _INK = (124, 104, 86), (250, 248, 242), (34, 34, 34, 255)
_SIZE = (1080, 1440)
_FONTS = ((printing.REGULAR, 32), (printing.BOLD, 44))


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on a receipt: rows of what was bought, with prices in fen."""

    store: str
    number: str
    at: datetime
    rows: tuple[tuple[str, int], ...]

    @property
    def total_fen(self) -> int:
        return sum(fen for _, fen in self.rows)


_BOUGHT = (
    ("YH-4F-08", "A0173", (("鲜毛肚", 8_800), ("嫩牛肉", 6_800), ("虾滑", 5_200), ("酸梅汤", 2_800))),
    ("YH-1F-01", "00418", (("拿铁", 2_000), ("美式", 1_500))),
    ("YH-4F-08", "A0188", (("双人套餐", 49_800), ("啤酒", 6_000), ("冰粉", 2_400), ("牛油锅底", 68_800))),
)


def send_some(stores: dict[str, Store], *, at: datetime) -> None:
    """Three wait to be read: a dinner, a coffee, and a dinner that needs two people."""
    senders = (drivers.PAID, drivers.BILLED, drivers.LATE)
    for place, (sender, (code, number, rows)) in enumerate(zip(senders, _BOUGHT, strict=True)):
        sent = at + timedelta(minutes=9 * place)
        printed = Printed(stores[code].name, number, sent - timedelta(hours=2), rows)
        chance = random.Random(place)  # noqa: S311  how a photograph lies is no secret
        _send(sender.card_no, stores[code].mall_id, _photograph(printed, chance=chance), at=sent)


def _send(card_no: str, mall_id: int, photo: bytes, *, at: datetime) -> None:
    looks = prints.looks_of(photographs.draw(photo))
    with clock.freeze(at), atomic():
        member_id = queries.find_member_id(IdentityKind.CARD_NO, card_no)
        if member_id is not None:
            photographing.send_photo(member_id, mall_id, looks, now=at)


def _photograph(printed: Printed, *, chance: random.Random) -> bytes:
    paper = _paper(printed)
    turned = paper.rotate(chance.uniform(-3.5, 3.5), expand=True, resample=Image.Resampling.BICUBIC)
    red, green, blue = (part + chance.randint(-14, 14) for part in _TABLE)
    table = Image.new("RGB", _SIZE, (red, green, blue))
    place = ((_SIZE[0] - turned.width) // 2 + chance.randint(-50, 50), chance.randint(50, 130))
    table.paste(turned.convert("RGB"), place, turned.getchannel("A"))
    out = BytesIO()
    table.filter(ImageFilter.GaussianBlur(0.7)).save(out, "JPEG", quality=82)
    return out.getvalue()


def _paper(printed: Printed) -> Image.Image:
    rows = [*_head(printed), *((name, money.yuan_text(fen)) for name, fen in printed.rows), ("", ""), *_foot(printed)]
    paper = Image.new("RGBA", (700, 150 + 58 * len(rows)), (*_PAPER, 255))
    pen = ImageDraw.Draw(paper)
    font, large = (ImageFont.truetype(printing.FONTS / f"{name}.ttf", size) for name, size in _FONTS)
    pen.text((350, 40), printed.store, font=large, fill=_INK, anchor="ma")
    for row, (left, right) in enumerate(rows):
        pen.text((44, 120 + 58 * row), left, font=font, fill=_INK)
        pen.text((656, 120 + 58 * row), right, font=font, fill=_INK, anchor="ra")
    return paper


def _head(printed: Printed) -> list[tuple[str, str]]:
    day = f"{clock.local(printed.at):%Y-%m-%d %H:%M:%S}"
    return [(f"小票号：{printed.number}", ""), (f"日期：{day}", ""), ("", "")]


def _foot(printed: Printed) -> list[tuple[str, str]]:
    return [("实付金额", f"¥{money.yuan_text(printed.total_fen)}"), ("微信支付", ""), ("谢谢惠顾，欢迎再次光临", "")]
