"""What the console shows of purchases."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.purchases import (
    listings,
    purchases,
    receipt_settings,
    till_totals,
    totals_list,
    waiting,
    waiting_list,
)
from mall_console.purchases.claims import claim_list, claims
from mall_console.purchases.photos import photo_list, photos
from mall_console.purchases.queues import inbox_acts, waiting_acts

BLUEPRINTS = (
    purchases.blueprint,
    waiting.blueprint,
    claims.blueprint,
    photos.blueprint,
    receipt_settings.blueprint,
    till_totals.blueprint,
    inbox_acts.blueprint,
    waiting_acts.blueprint,
)
MENU = (MenuEntry("消费小票", "/purchases", "purchase.view", icon="receipt", group=Group.TRADE, position=1),)
LISTINGS = (
    listings.PURCHASES,
    listings.INBOX,
    waiting_list.WAITING,
    claim_list.CLAIMS,
    photo_list.PHOTOS,
    totals_list.TILL_TOTALS,
)
