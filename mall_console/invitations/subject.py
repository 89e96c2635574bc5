"""What the console shows of invitations."""

from markupsafe import Markup

from mall_console.invitations import listings, overview, rules
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (overview.blueprint, rules.blueprint)
_DRAWING = Markup(
    '<circle cx="9.5" cy="8.3" r="3.2"/>'
    '<path d="M3.5 19c.5-3 2.9-4.800 6-4.800 1.5 0 2.8.4 3.9 1.2M17.5 13.5v6M14.5 16.5h6"/>'
)
MENU = (
    MenuEntry(
        "邀请好友", "/invitations", "invitation.view", icon="invite", group=Group.MEMBERS, position=22, drawing=_DRAWING
    ),
)
LISTINGS = (listings.INVITATIONS,)
