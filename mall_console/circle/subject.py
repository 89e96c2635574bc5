"""What the console shows of the business circle."""

from markupsafe import Markup

from mall_console.circle import circle, notice_list, shop_list
from mall_console.kit.menu import Group, MenuEntry

_ICON = Markup('<circle cx="12" cy="12" r="7.5"/><path d="M8.5 12.2l2.4 2.3 4.6-4.8"/>')

BLUEPRINTS = (circle.blueprint,)
MENU = (MenuEntry("智慧商圈", "/circle", "circle.view", icon="circle", group=Group.TRADE, position=6, drawing=_ICON),)
LISTINGS = (
    shop_list.SHOPS,
    notice_list.NOTICES,
)
