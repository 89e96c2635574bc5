"""What WeChat's dialog is opened with: a template of ours by the platform's id."""

from typing import Any

from marshmallow import Schema, fields

from app.outreach.consents import templates
from app.outreach.consents.templates import LAYOUTS, Template
from app.web import context


class TemplateView(Schema):
    """A message that a member may allow once, with the platform's id of its template."""

    template = fields.String(required=True)
    template_id = fields.String(required=True)
    title = fields.String(required=True)


def option(template: Template) -> dict[str, Any]:
    """As `TemplateView`."""
    template_id = templates.platform_ids(context.settings().wechat)[template]
    return {"template": template.value, "template_id": template_id, "title": LAYOUTS[template].title}
