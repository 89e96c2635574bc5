"""A member's own data as a file, for who asks at the service desk instead of in the mini-program."""

from flask import Response

from app.flows.privacy import own_data
from app.identity.models import Member
from app.kernel import clock
from app.web import reasons
from app.web.forms import fields, forms
from app.web.own_data import printed
from app.web.pages import pages
from mall_console.kit.workspace import Workspace

PERMISSION = "member.export"
KINDS = {"pdf": "可读版（PDF）", "json": "数据文件（JSON）"}


class ExportForm(forms.Form):
    """For people or for programs."""

    kind = fields.Choice("文件", KINDS)


def may_export(workspace: Workspace) -> bool:
    """The document is of every mall: only who works for all of them hands it out."""
    return workspace.can(PERMISSION) and workspace.who.scope.mall_ids is None


def file(member: Member, kind: str) -> Response:
    """Everything that is kept about the member, in clear."""
    now = clock.now()
    name = f"会员数据 {clock.business_date(now)}.{kind}"
    if kind == "pdf":
        return pages.download(lambda out: printed.write_pdf(member, out, now=now), name=name, mimetype=printed.PDF_TYPE)
    return pages.download(
        lambda out: own_data.write(member, out, words=reasons.words_of, now=now), name=name, mimetype="application/json"
    )
