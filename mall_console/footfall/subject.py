"""What the console shows of footfall; the way there leads from the entrances."""

from mall_console.footfall import footfall, listings

BLUEPRINTS = (footfall.blueprint,)
MENU = ()
LISTINGS = (listings.FOOTFALL,)
