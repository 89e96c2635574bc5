"""What the console shows of outreach."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.outreach import log, message_prices, messages, touch_rules

BLUEPRINTS = (
    messages.blueprint,
    touch_rules.blueprint,
    message_prices.blueprint,
)
MENU = (MenuEntry("消息触达", "/messages", "message.view", icon="message", group=Group.MEMBERS, position=40),)
LISTINGS = (log.MESSAGES,)
