"""What the audit log calls rules of touches and prices of messages: they are one for all malls."""

from collections.abc import Collection


def _everywhere(numbers: Collection[str]) -> dict[str, str]:
    return dict.fromkeys(numbers, "全集团")


NAMES = {"outreach_policy": _everywhere, "message_prices": _everywhere}
