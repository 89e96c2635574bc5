"""What the console shows of staff."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.staff import staff, staff_list

BLUEPRINTS = (staff.blueprint,)
MENU = (MenuEntry("员工", "/staff", "staff.view", icon="staff", group=Group.ADMINISTRATION, position=2),)
LISTINGS = (staff_list.STAFF,)
