"""What the console shows of points."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.points import day_rows, earning, expiry, liability, points, proof, rehearsing, spending, till, worth

BLUEPRINTS = (
    points.blueprint,
    earning.blueprint,
    worth.blueprint,
    expiry.blueprint,
    spending.blueprint,
    till.blueprint,
    proof.blueprint,
    liability.blueprint,
    day_rows.blueprint,
    rehearsing.blueprint,
)
MENU = (MenuEntry("积分", "/points", "overview.view", icon="points", group=Group.TRADE, position=3),)
LISTINGS = (points.POINTS, day_rows.POINTS_DAYS, spending.PAYMENTS, spending.EXCHANGES)
