"""What the console shows of parking."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.parking import car_parks, invoices, listings, parking, payments, tariffs

BLUEPRINTS = (
    parking.blueprint,
    payments.blueprint,
    tariffs.blueprint,
    car_parks.blueprint,
    invoices.blueprint,
)
MENU = (MenuEntry("停车", "/parking", "parking.view", icon="parking", group=Group.MEMBERS, position=50),)
LISTINGS = (
    listings.STAYS,
    listings.PAID,
)
