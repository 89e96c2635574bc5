"""Jobs of WeCom contacts."""

from app.workers import contacts, greetings
from jobs.kit import Batch, every
from jobs.tools import Tools

CALL_BATCH = 20


def greet_contacts(tools: Tools) -> Batch:
    """Greet new WeCom contacts within the platform's 20 seconds."""
    public_url = tools.settings.public_url
    return Batch.told(
        greetings.send_due_greetings(tools.gateway.wecom, public_url=public_url, limit=CALL_BATCH), limit=CALL_BATCH
    )


def link_contacts(tools: Tools) -> Batch:
    """Bring WeCom contact events to the members they belong to."""
    return Batch.told(contacts.link_due_contacts(tools.gateway.wecom, limit=CALL_BATCH), limit=CALL_BATCH)


JOBS = (
    every(1, greet_contacts),
    every(5, link_contacts),
)
