"""The prices of messages in force; the code holds those of a group that has set none: nothing costs anything."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from app.kernel import clock, versions
from app.outreach.messages.kinds import Channel
from app.outreach.prices.errors import PricesConflict, PricesInForce, PricesTooEarly
from app.outreach.prices.models import MessagePrices


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a thousand messages cost on each channel, in fen."""

    subscribe_fen: int = 0
    official_fen: int = 0
    wecom_fen: int = 0
    sms_fen: int = 0

    def by_channel_codes(self) -> Mapping[str, int]:
        """The same by the code of the channel."""
        return {channel.value: getattr(self, f"{channel.value}_fen") for channel in Channel}


DEFAULT = Prices()


def in_force(day: date) -> Prices:
    """The prices of a day."""
    version = versions.find_at(MessagePrices, at=day)
    return DEFAULT if version is None else to_prices(version)


def to_prices(version: MessagePrices) -> Prices:
    """The numbers of a version."""
    return Prices(**{name: getattr(version, name) for name in asdict(DEFAULT)})


def list_versions(*, limit: int = 100) -> Sequence[MessagePrices]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(MessagePrices, limit=limit)


def publish(prices: Prices, *, effective_from: date, by: str, now: datetime) -> MessagePrices:
    """Let prices hold from a day on that is yet to begin; the same again changes nothing.

    Raises PricesTooEarly and PricesConflict.
    """
    if effective_from <= clock.business_date(now):
        raise PricesTooEarly
    version = MessagePrices(effective_from=effective_from, created_at=now, created_by=by, **asdict(prices))
    conflict = PricesConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> MessagePrices:
    """Take back prices that are yet to begin; returns what they said. Raises PricesInForce."""
    return versions.withdraw(MessagePrices, version_id, after=clock.business_date(now), begun=PricesInForce())
