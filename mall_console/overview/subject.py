"""What the console shows of today's figures."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.overview import overview

BLUEPRINTS = (overview.blueprint,)
MENU = (MenuEntry("首页", "", "overview.view", icon="today", group=Group.TODAY, position=1),)
