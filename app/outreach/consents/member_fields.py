"""What members can be asked for: which messages they still allow."""

from sqlalchemy import func, true

from app.identity.asking.fields import Field, Kind, Rows, by_code, fixed
from app.kernel.db import table_of
from app.outreach.consents.models import SubscribeConsent
from app.outreach.consents.templates import Template

_ALLOWED = table_of(SubscribeConsent)
_STOCK = Rows(name="allowed", table=_ALLOWED, member_id=_ALLOWED.c.member_id)

FIELDS = by_code(
    Field(
        code="allows",
        kind=Kind.SET,
        subject="reach",
        value=lambda asking: asking.over(
            _STOCK, func.bool_or(true()), _ALLOWED.c.remaining > 0, _ALLOWED.c.template.in_(asking.codes)
        ),
        codes=fixed(*(template.value for template in Template)),
        is_plain=True,
    ),
)
