"""The monthly review [S0.52]: a month beside the month before, as a page and as one sheet of paper."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insights.monthly import wording
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import NotFound
from app.lifecycle.stages.wording import STAGES
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle.figures import months, printed, reviewing

blueprint = Blueprint("review", __name__, url_prefix="/lifecycle/review", template_folder="templates")


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The review of the last month that is over, or of `?month=`."""
    counted = months.list_counted(workspace.mall.id)
    if not counted:
        return render_template("console/months_none.html", title="月度回顾")
    month = months.chosen(counted, whole=True)
    return render_template(
        "console/stage_review.html",
        months=counted,
        month=month,
        notice=months.notice(month),
        review=reviewing.read(workspace.mall.id, month),
        names=STAGES,
        aims=wording.AIMS,
    )


@blueprint.get("/<key>.pdf")
@mall_required("lifecycle.view")
def paper(workspace: Workspace, key: str) -> ResponseReturnValue:
    """The review on one sheet, written into the audit log."""
    month = months.find(key)
    if month is None:
        raise NotFound(month=key)
    review = reviewing.read(workspace.mall.id, month)
    facts = {"list": "会员分层月度回顾", "of": key, "rows": 1, "file": "pdf", "narrowed": ""}
    with atomic():
        workspace.record("list.export", "list:lifecycle", now=clock.now(), facts=facts)
    name = f"{workspace.mall.name}-会员分层月度回顾-{key}.pdf"
    mall_name = workspace.mall.name
    return pages.download(lambda out: printed.write(review, mall_name, out), name=name, mimetype=printed.TYPE)
