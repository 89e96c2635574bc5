"""What the console shows of stores."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.stores import merchant_list, store_list, stores

BLUEPRINTS = (stores.blueprint,)
MENU = (MenuEntry("门店与商户", "/stores", "store.view", icon="store", group=Group.ADMINISTRATION, position=1),)
LISTINGS = (
    store_list.STORES,
    merchant_list.MERCHANTS,
)
