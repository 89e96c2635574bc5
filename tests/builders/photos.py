"""Photographs of receipts, drawn: each number another picture; and the same one as another phone would save it."""

import random
from base64 import b64encode
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance

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
    image = photographs.draw(make_photo(number))
    mall_id, sent = member.home_mall_id, now or clock.now()
    return photographing.send_photo(member.id, mall_id, image, prints.print_of(image), claim=claim, now=sent)
