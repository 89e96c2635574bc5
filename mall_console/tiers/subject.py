"""What the console shows of tiers."""

from markupsafe import Markup

from mall_console.kit.menu import Group, MenuEntry
from mall_console.tiers import benefits, growth, ladder, near, rehearsing

BLUEPRINTS = (
    ladder.blueprint,
    benefits.blueprint,
    growth.blueprint,
    near.blueprint,
    rehearsing.blueprint,
)
_DRAWING = Markup('<path d="M4 19h4v-4h4v-4h4V7h4"/><path d="M12.5 4.5h-4v4"/>')
MENU = (MenuEntry("会员等级", "/tiers", "tier.view", icon="tier", group=Group.MEMBERS, position=12, drawing=_DRAWING),)
LISTINGS = (near.FALLING, near.RISING)
