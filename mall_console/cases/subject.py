"""What the console shows of cases."""

from markupsafe import Markup

from mall_console.cases import batch, cases
from mall_console.cases.queue_lists import QUEUES
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (cases.blueprint, batch.blueprint)
MENU = (
    MenuEntry(
        "待办",
        "/cases",
        "case.view",
        icon="case",
        group=Group.TODAY,
        position=2,
        drawing=Markup(
            '<path d="M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h4.7l1.3 2.5h4l1.3-2.5H20M9.5 9l1.8 1.8L15 7.3"/>'
        ),
    ),
)
LISTINGS = tuple(QUEUES.values())
