"""Photographs of receipts, drawn: each number another picture; and the same one as another phone would save it."""

import random
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from app.flows.claims import photographing
from app.identity.models import Member
from app.kernel import clock
from app.pictures import photographs
from app.purchases.photos import prints
from app.purchases.photos.models import ReceiptPhoto


def make_photo(number: int = 1, *, width: int = 540, exif: Image.Exif | None = None) -> bytes:
    """A JPEG of grey bars on paper, as print looks from afar."""
    chance = random.Random(number)
    picture = Image.new("RGB", (540, 720), (110, 96, 82))
    pen = ImageDraw.Draw(picture)
    left, top = chance.randint(20, 140), chance.randint(10, 120)
    pen.rectangle((left, top, left + 330, top + 560), fill=(247, 246, 242))
    for row in range(top + 20, top + 540, 26):
        pen.rectangle((left + 14, row, left + chance.randint(60, 310), row + 12), fill=(60, 60, 60))
    return save(picture.resize((width, width * 4 // 3)), exif=exif)


Rows = Sequence[tuple[str, str]]
DINNER: Rows = (("No. A0173862", ""), ("2026-03-11 12:41", ""), ("Beef", "68.00"), ("Lamb", "58.00"), ("Tea", "8.00"))


def make_receipt(rows: Rows = DINNER, *, total: str = "134.00", at: tuple[int, int] = (130, 90)) -> bytes:
    """A JPEG of a receipt in print: its lines, left and right, and their sum; `at`: where its paper lies."""
    picture = Image.new("RGB", (1080, 1440), (118, 100, 84))
    paper, font, large = (ImageDraw.Draw(picture), ImageFont.load_default(34), ImageFont.load_default(52))
    left, top = at
    paper.rectangle((left, top, left + 800, top + 330 + 90 * len(rows)), fill=(248, 247, 243))
    paper.text((left + 240, top + 30), "HOT POT 4F", font=large, fill=(32, 32, 32))
    lines = [*rows, ("-" * 40, ""), ("TOTAL", total), ("WeChat Pay", ""), ("Thank you", "")]
    for row, (what, price) in enumerate(lines):
        paper.text((left + 40, top + 120 + 70 * row), what, font=font, fill=(48, 48, 48))
        paper.text((left + 600, top + 120 + 70 * row), price, font=font, fill=(48, 48, 48))
    return save(picture)


def make_bill(number: str = "42000173862", *, total: str = "134.00", at: str = "2026-03-11 12:41:07") -> bytes:
    """A JPEG of a phone's screen with a bill: every one lies alike to the pixel but for what it says."""
    picture = Image.new("RGB", (1080, 1920), (237, 237, 237))
    pen, font, large = (ImageDraw.Draw(picture), ImageFont.load_default(40), ImageFont.load_default(84))
    pen.rectangle((0, 170, 1080, 1500), fill=(255, 255, 255))
    pen.ellipse((490, 220, 590, 320), fill=(40, 150, 90))
    pen.text((540, 400), total, font=large, fill=(10, 10, 10), anchor="ma")
    said = {"State": "Paid", "Time": at, "Store": "HOT POT 4F", "Paid by": "WeChat Pay", "Number": number, "Bank": "-"}
    for row, (label, value) in enumerate(said.items()):
        pen.text((60, 640 + 110 * row), label, font=font, fill=(120, 120, 120))
        pen.text((380, 640 + 110 * row), value, font=font, fill=(30, 30, 30))
    return save(picture)


def narrowed(photo: bytes, width: int) -> bytes:
    """The same photograph so many pixels wide, more compressed."""
    picture = Image.open(BytesIO(photo))
    return save(picture.resize((width, width * picture.height // picture.width)), quality=60)


def covered(photo: bytes, share: float, at: tuple[float, float] = (0.5, 0.5)) -> bytes:
    """The same photograph with a finger on so much of it; `at`: its middle, as shares of the sides."""
    picture = Image.open(BytesIO(photo))
    across, down = picture.width * (share / 3.14) ** 0.5, picture.height * (share / 3.14) ** 0.5
    x, y = picture.width * at[0], picture.height * at[1]
    ImageDraw.Draw(picture).ellipse((x - across, y - down, x + across, y + down), fill=(214, 170, 140))
    return save(picture)


def tilted(photo: bytes, degrees: float) -> bytes:
    """The same photograph tilted to the left."""
    return save(Image.open(BytesIO(photo)).rotate(degrees, Image.Resampling.BICUBIC))


def turned(photo: bytes, quarters: int) -> bytes:
    """The same photograph turned to the left."""
    return save(Image.open(BytesIO(photo)).rotate(90 * quarters, expand=True))


def cut(photo: bytes, left: float, upper: float, right: float, lower: float) -> bytes:
    """The same photograph without so much of each side, as shares of the whole."""
    picture = Image.open(BytesIO(photo))
    width, height = picture.size
    return save(
        picture.crop((int(width * left), int(height * upper), int(width * (1 - right)), int(height * (1 - lower))))
    )


def save(picture: Image.Image, *, quality: int = 80, exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif or Image.Exif())
    return out.getvalue()


def saved_again(photo: bytes) -> bytes:
    """The same photograph smaller, lighter and more compressed."""
    picture = Image.open(BytesIO(photo))
    return save(ImageEnhance.Brightness(picture.resize((405, 540))).enhance(1.1), quality=55)


def as_text(photo: bytes) -> str:
    return b64encode(photo).decode()


def send_photo(
    member: Member, *, number: int = 1, claim: str | None = None, now: datetime | None = None
) -> ReceiptPhoto:
    """A photograph that the member sent to their mall."""
    looks = prints.looks_of(photographs.draw(make_photo(number)))
    return photographing.send_photo(member.id, member.home_mall_id, looks, claim=claim, now=now or clock.now())
