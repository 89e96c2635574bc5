"""What the console shows of the look-up: its field stands above the menu."""

from mall_console.kit.menu import MenuEntry
from mall_console.lookup import lookup

BLUEPRINTS = (lookup.blueprint,)
MENU: tuple[MenuEntry, ...] = ()
