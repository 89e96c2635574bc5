"""What the console shows of outreach."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.outreach import log, messages, touch_rules

BLUEPRINTS = (
    messages.blueprint,
    touch_rules.blueprint,
)
MENU = (MenuEntry("消息触达", "/messages", "message.view", icon="message", group=Group.MEMBERS, position=40),)
LISTINGS = (log.MESSAGES,)
