"""Inviters as cases ask about them."""

from collections.abc import Collection

from app.identity import queries
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace
from mall_console.members.evidence import show_member


def _inviters(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    """By mall and member, as `<mall>-<member>`."""
    return {which: show_member(workspace, queries.get_member(int(which.rpartition("-")[2]))) for which in ids}


EVIDENCE = {"inviter": _inviters}
