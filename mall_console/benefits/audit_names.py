"""What the audit log calls the triggers that grant."""

from collections.abc import Collection

from app.benefits.grants import wording


def _titles_of(subjects: Collection[str]) -> dict[str, str]:
    """Titles by `<mall>:<trigger>`."""
    triggers = {subject: subject.rpartition(":")[2] for subject in subjects}
    return {subject: wording.TRIGGERS[name][0] for subject, name in triggers.items() if name in wording.TRIGGERS}


NAMES = {"trigger": _titles_of}
