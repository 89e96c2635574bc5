"""What the console shows of entrances."""

from mall_console.entrances import entrances, funnel, funnel_lists, listings
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (entrances.blueprint, funnel.blueprint)
MENU = (MenuEntry("入口码", "/entrances", "entrance.view", icon="entrance", group=Group.MEMBERS, position=20),)
LISTINGS = (
    listings.ENTRANCES,
    listings.SCANS,
    funnel_lists.FUNNEL,
)
