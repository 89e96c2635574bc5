"""The cases that what gates read raises."""

from app.parking.sessions import repeated, unread

_KINDS = (unread.PLATES_UNREAD, repeated.ENTRY_REPEATED)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (unread.raise_cases, repeated.raise_cases)
