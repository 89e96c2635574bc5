"""Photographed receipts are read a few at a time, in a process of its own; what is found is proposed to people."""

import base64
import importlib.util
import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as malls
from app.purchases.photos import photos, proposing, queries
from app.purchases.photos.errors import PhotoGone
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.photos.proposing import Piece
from app.purchases.settings import settings

logger = logging.getLogger(__name__)

ENGINE = "rapidocr_onnxruntime"
# Whoever waits longer is read by people without a proposal.
LOOK_BACK = timedelta(days=2)
_MOST_SECONDS = 400


@dataclass(frozen=True, slots=True)
class Unread:
    """A photograph, as it is read outside a transaction."""

    member_id: int
    photo_id: int
    mall_id: int
    sent: date
    image: bytes


def is_installed() -> bool:
    """Whether this machine has the engine, which only the one that runs the jobs needs."""
    return importlib.util.find_spec(ENGINE) is not None


def read_photos(*, limit: int) -> int:
    """Read the photographs that have waited longest; returns how many. None where the engine is not installed.

    Twice at once: both read them, and the second writes the same.
    """
    if not is_installed():
        return 0
    with atomic():
        since = clock.now() - LOOK_BACK
        unread = [one for photo in queries.list_unread(since=since, limit=limit) if (one := _unread(photo))]
    if not unread:
        return 0
    found = _recognise([one.image for one in unread])
    for one, pieces in zip(unread, found, strict=True):
        with atomic():
            photos.note_reading(one.member_id, one.photo_id, _propose(one, pieces), now=clock.now())
    return len(unread)


def _unread(photo: ReceiptPhoto) -> Unread | None:
    try:
        image = queries.get_image(photo)
    except PhotoGone:
        return None
    sent = clock.business_date(photo.created_at)
    return Unread(photo.member_id, photo.id, photo.mall_id, sent, image)


def _propose(one: Unread, pieces: Sequence[Piece]) -> dict[str, Any] | None:
    stores = {store.code: store.name for store in malls.list_stores(mall_id=one.mall_id)}
    days = settings.of_mall(one.mall_id).claim_days
    return proposing.propose(pieces, stores, until=one.sent, days=days).document()


def _recognise(images: Sequence[bytes]) -> list[list[Piece]]:
    """The pieces of text of each; none where the process failed, so that nobody waits for it again."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(Path(__file__).with_name("reading_process.py"))],
            input=json.dumps([base64.b64encode(image).decode() for image in images]).encode(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        logger.error("photographs were not read", extra={"photographs": len(images), "failure": type(error).__name__})
        return [[] for _ in images]
    return [[_piece(text, corners) for text, corners in pieces] for pieces in json.loads(done.stdout)]


def _piece(text: str, corners: Sequence[Sequence[float]]) -> Piece:
    one, two, three, four = ((x, y) for x, y in corners)
    return Piece(text, (one, two, three, four))
