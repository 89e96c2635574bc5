"""How often somebody at a till may look up and redeem: nobody needs more, and codes are not to be guessed.

Counted for the account, the browser and the address, because each of them is cheap to have many of.
"""

from datetime import datetime

from app.access.staff_queries import SignedIn
from app.kernel.security import crypto
from app.verification.tallies import Bound
from app.web import context
from app.web.staff import devices

PER_PERSON, PER_DEVICE = 60, 60  # a minute
PER_ADDRESS = 600  # which may be a mall's Wi-Fi


def count(act: str, who: SignedIn, *, now: datetime) -> None:
    """Count one attempt of the act in this request; raises Throttled."""
    device = devices.find()
    bounds = [
        Bound(f"{act}:staff:{who.staff_id}", PER_PERSON),
        Bound(f"{act}:address:{crypto.digest(context.client_address())}", PER_ADDRESS),
        *([Bound(f"{act}:device:{device}", PER_DEVICE)] if device else []),
    ]
    context.tallies().count(bounds, now=now)
