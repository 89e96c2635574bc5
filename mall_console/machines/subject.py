"""What the console shows of machines."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.machines import machine_list, machines

BLUEPRINTS = (machines.blueprint,)
MENU = (MenuEntry("设备", "/machines", "machine.view", icon="machine", group=Group.ADMINISTRATION, position=3),)
LISTINGS = (machine_list.MACHINES,)
