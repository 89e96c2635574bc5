"""What the console shows of today's figures."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.overview import overview

BLUEPRINTS = (overview.blueprint,)
MENU = (MenuEntry("今日", "", "overview.view", icon="today", group=Group.TODAY, position=1),)
