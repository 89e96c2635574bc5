"""What acts at entrances are called on the timeline."""

from app.kernel.facts import Fact


def scan(entrance_id: int, visit_key: str) -> Fact:
    """Somebody opened an entrance; the key is new with every opening."""
    return Fact("scan", entrance_id, visit_key)
