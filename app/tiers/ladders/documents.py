"""Ladders as the JSON that their versions keep, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.tiers.ladders.rules import AtEnd, Ladder, Rung


def to_document(ladder: Ladder) -> dict[str, Any]:
    """A ladder as JSON."""
    return {
        "rungs": [asdict(rung) for rung in ladder.rungs],
        "period_months": ladder.period_months,
        "at_end": ladder.at_end.value,
    }


def to_ladder(document: Mapping[str, Any]) -> Ladder:
    """The ladder that a document says."""
    rungs = tuple(Rung(**rung) for rung in document["rungs"])
    return Ladder(rungs, document["period_months"], AtEnd(document["at_end"]))
