"""The cases that what gates read raises."""

from app.parking.sessions import unread

CASE_KINDS = {unread.PLATES_UNREAD.code: unread.PLATES_UNREAD}
CASE_RAISERS = (unread.raise_cases,)
