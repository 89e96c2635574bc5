"""What the console shows of lists that were asked for as files."""

from mall_console.files import files, searching
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (files.blueprint, searching.blueprint)
MENU = (MenuEntry("导出文件", "/list-files", "console.enter", icon="down", group=Group.ADMINISTRATION, position=7),)
LISTINGS = (files.FILES,)
