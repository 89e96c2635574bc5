"""How many codes leave by SMS: to one phone, for one address, and in all on a day.

A phone's bounds keep its owner from being flooded, and an address has its own share of them, so that nobody uses up
another's codes from one place. An address may be a mall's Wi-Fi: it pays for much long before it is refused. What is
spent in a day has a budget; when it nears its end people are told.
"""

from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.kernel.security import crypto
from app.verification import proofs, throttle
from app.verification.errors import SmsBudgetSpent
from app.verification.proofs import Payer, Price, Proof

HOUR_S, DAY_S = 3_600, 86_400
RETRY_AFTER_S = 60
# How many codes a phone is sent in how many seconds.
PER_PHONE = ((1, RETRY_AFTER_S), (6, HOUR_S), (12, DAY_S))
PER_PHONE_FROM_ADDRESS_AND_DAY = 6
PER_ADDRESS_AND_HOUR = 1_000
FREE_PER_PHONE_AND_HOUR = 3
FREE_PER_ADDRESS_AND_HOUR = 60
NEAR_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Spent:
    """How many codes were asked for today, this one included, of how many there are."""

    count: int
    budget: int

    @property
    def is_near(self) -> bool:
        return self.count * 100 >= self.budget * NEAR_PERCENT

    @property
    def is_over(self) -> bool:
        return self.count > self.budget


def count(purpose: str, phone_index: str, *, address: str, proof: Proof | None, budget: int, now: datetime) -> Spent:
    """Count a code that is asked for; raises Throttled and ProofRequired. Commit it, then `ensure_left`."""
    here, mine = crypto.digest(address), f"{purpose}:{phone_index}"
    prices = [
        Price(f"sms:free:{mine}", FREE_PER_PHONE_AND_HOUR, HOUR_S),
        Price(f"sms:free:{here}", FREE_PER_ADDRESS_AND_HOUR, HOUR_S),
    ]
    proofs.count(prices, Payer(purpose, address, waits_as=mine), proof, now=now)
    throttle.count_attempt(f"sms:address:{here}", limit=PER_ADDRESS_AND_HOUR, window_s=HOUR_S, now=now)
    throttle.count_attempt(f"sms:{here}:{mine}", limit=PER_PHONE_FROM_ADDRESS_AND_DAY, window_s=DAY_S, now=now)
    for limit, window_s in PER_PHONE:
        throttle.count_attempt(f"sms:{window_s}:{mine}", limit=limit, window_s=window_s, now=now)
    return Spent(throttle.note_since("sms:budget", clock.start_of_day(clock.business_date(now))), budget)


def ensure_left(spent: Spent, *, now: datetime) -> None:
    """Raises SmsBudgetSpent (fact retry_after_s) when the day's budget is used up."""
    if spent.is_over:
        tomorrow = clock.end_of_day(clock.business_date(now))
        raise SmsBudgetSpent(retry_after_s=int((tomorrow - now).total_seconds()) + 1)
