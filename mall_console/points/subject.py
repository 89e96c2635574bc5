"""What the console shows of points."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.points import earning, points, proof, worth

BLUEPRINTS = (points.blueprint, earning.blueprint, worth.blueprint, proof.blueprint)
MENU = (MenuEntry("积分流水", "/points", "overview.view", icon="points", group=Group.TRADE, position=3),)
LISTINGS = (points.POINTS,)
