"""What goes when nothing is to be concluded about a member any more."""

from app.identity import queries as members
from app.lifecycle.causes import causes
from app.lifecycle.predictions import predictions
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.computed import tags


def forget_conclusions(member_id: int) -> None:
    """Let go of what was predicted, guessed and tagged of a member, under all their numbers where people wrote it."""
    predictions.forget([member_id])
    causes.forget([member_id])
    tags.forget([member_id])
    manual_tags.forget(members.list_person_ids(member_id))
