"""Every message a person received, whatever the channel; what arrives for an unknown number is kept by number."""

import json
from typing import Any

from sandbox.kit.clock import Clock, rfc3339
from sandbox.kit.store import Store

CHANNELS = ("subscribe", "template", "wecom", "sms", "pay")


def put(
    store: Store,
    clock: Clock,
    channel: str,
    sender: str,
    body: dict[str, Any],
    *,
    person_id: str | None,
    phone: str | None = None,
) -> int:
    """Lay a message into a person's inbox; its number."""
    return store.insert(
        "messages",
        person_id=person_id,
        phone=phone,
        channel=channel,
        sender=sender,
        body_json=json.dumps(body, ensure_ascii=False),
        at=clock.now(),
    )


def listed(
    store: Store, person_id: str, phone: str, *, after: int = 0, channel: str | None = None
) -> list[dict[str, Any]]:
    """A person's messages, oldest first, `after` a message number; text messages are found by number."""
    sql = (
        "SELECT * FROM messages WHERE id > ? AND (person_id = ? OR (person_id IS NULL AND phone = ?)) "
        "AND (? IS NULL OR channel = ?) ORDER BY id"
    )
    return [view(row) for row in store.all(sql, after, person_id, phone, channel, channel)]


def view(row: Any) -> dict[str, Any]:
    """A message as JSON."""
    return {
        "id": row["id"],
        "channel": row["channel"],
        "sender": row["sender"],
        "at": rfc3339(row["at"]),
        **json.loads(row["body_json"]),
    }
