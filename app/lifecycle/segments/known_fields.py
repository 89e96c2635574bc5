"""All fields that members can be asked for, as the packages bring them along (`FIELDS` of `member_fields.py`)."""

from functools import cache

from app.identity.asking.fields import Field
from app.kernel import discovery


@cache
def all_fields() -> dict[str, Field]:
    """Code → field."""
    return discovery.merged("FIELDS", named="member_fields", below=["app"])
