"""The subscribe templates the group has chosen on the platform, and the platform's rules for their fields."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel import clock
from app.kernel.settings import WeChatSettings

THING_LENGTH = 20


class Template(StrEnum):
    """What a member can be asked to subscribe to; the platform's ids come from the settings."""

    ACTIVITY = "activity"
    BENEFIT = "benefit"
    MEMBER_DAY = "member_day"
    RECEIPT = "receipt"


# What is asked for together, as a newcomer's task: WeChat's dialog holds no more than three.
REMINDERS = (Template.ACTIVITY, Template.BENEFIT, Template.MEMBER_DAY)


@dataclass(frozen=True, slots=True)
class Layout:
    """A template's title on the platform and its fields in order; a field's prefix says what it may hold."""

    title: str
    fields: tuple[str, ...]


LAYOUTS = {
    Template.ACTIVITY: Layout("活动提醒", ("thing1", "time2", "thing3", "thing4")),
    Template.BENEFIT: Layout("权益到期提醒", ("thing1", "time2", "thing3")),
    Template.MEMBER_DAY: Layout("会员日提醒", ("thing1", "time2", "thing3")),
    Template.RECEIPT: Layout("审核结果通知", ("thing1", "phrase2", "thing3", "time4")),
}


def platform_ids(settings: WeChatSettings) -> dict[Template, str]:
    """The templates' ids on the platform, as the mini-program asks and sends with them."""
    return {
        Template.ACTIVITY: settings.template_activity,
        Template.BENEFIT: settings.template_benefit,
        Template.MEMBER_DAY: settings.template_member_day,
        Template.RECEIPT: settings.template_receipt,
    }


def thing(text: str) -> str:
    """Text as a `thing` field takes it: one line, 1 to 20 characters, cut with an ellipsis."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= THING_LENGTH else line[: THING_LENGTH - 1] + "…"


def time(moment: datetime) -> str:
    """A moment as a `time` field takes it, on the mall's wall clock to the minute."""
    local = clock.local(moment)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def data(template: Template, *values: str) -> dict[str, str]:
    """The values by field name, in the layout's order; raises ValueError when one is missing, empty or too many."""
    fields = LAYOUTS[template].fields
    if len(values) != len(fields) or not all(values):
        raise ValueError(f"{template} takes a text for each of {fields}")
    return dict(zip(fields, values, strict=True))
