"""Changes of a campaign from a moment on: planned in the form that changes it, shown on its page, withdrawn there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns import revisions
from app.benefits.campaigns.models import Campaign, CampaignRevision
from app.kernel import clock
from app.malls import queries as malls
from app.web import filters
from app.web.pages import pages
from mall_console.benefits import terms
from mall_console.benefits.lists.holders import get
from mall_console.benefits.offers import RevisionForm
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("campaign_planning", __name__, url_prefix="/campaigns", template_folder="templates")

MANAGE = "campaign.manage"
MOMENT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that waits for its moment, with what it changes: label, old and new value."""

    revision: CampaignRevision
    changes: Sequence[tuple[str, str, str]]
    can_go: bool


def find(campaign: Campaign) -> Planned | None:
    """The change that waits, as the campaign's page shows it."""
    revision = revisions.find_planned(campaign)
    if revision is None:
        return None
    latest = campaign_queries.list_versions(campaign.id)[0]
    names = malls.store_names_of({*(latest.store_ids or ()), *(revision.store_ids or ())})
    changes, _ = terms.changes(campaign.kind, [revision, latest], names)
    return Planned(revision, changes, revision.effective_from > clock.now())


def plan(
    workspace: Workspace,
    public_id: str,
    form: RevisionForm,
    facts: Mapping[str, Any],
    *,
    moment: datetime,
    store_ids: Sequence[int] | None,
) -> ResponseReturnValue:
    """Let the form's terms hold from a moment on."""
    campaign_id = get(workspace, public_id, MANAGE).id

    def act() -> str:
        now = clock.now()
        planned = revisions.plan(
            campaign_id,
            form.seen,
            form.offer(),
            store_ids=store_ids,
            effective_from=moment,
            now=now,
            by=workspace.who.name,
        )
        if planned is None:
            pages.say("条款没有变化")
        else:
            at = filters.local_time(moment, MOMENT)
            said = {"effective_from": at, **facts}
            workspace.record("campaign.plan_revision", f"campaign:{campaign_id}", now=now, facts=said)
            pages.say(f"修改将自 {at} 起生效，在此之前可以撤回")
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {"campaign": public_id, **form.typed()}, act)


@blueprint.post("/<public_id>/revisions/<int:revision_id>/withdraw")
@mall_required(MANAGE)
def withdraw(workspace: Workspace, public_id: str, revision_id: int) -> ResponseReturnValue:
    """Take back a change whose moment has not come."""
    campaign_id = get(workspace, public_id, MANAGE).id

    def act() -> str:
        now = clock.now()
        gone = revisions.withdraw(campaign_id, revision_id, now=now)
        at = filters.local_time(gone.effective_from, MOMENT)
        facts = {"effective_from": at}
        workspace.record("campaign.withdraw_revision", f"campaign:{campaign_id}", now=now, facts=facts)
        pages.say(f"自 {at} 起的修改已撤回")
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {"campaign": public_id, "revision": revision_id}, act)
