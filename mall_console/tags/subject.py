"""What the console shows of tags."""

from markupsafe import Markup

from mall_console.kit.menu import Group, MenuEntry
from mall_console.tags import tags, thresholds, words

BLUEPRINTS = (tags.blueprint, words.blueprint, thresholds.blueprint)
_DRAWING = Markup(
    '<path d="M4 5.5A1.5 1.5 0 0 1 5.5 4h6l8.4 8.4a1.6 1.6 0 0 1 0 2.2l-5.3 5.3a1.6 1.6 0 0 1-2.2 0L4 11.5z"/>'
    '<circle cx="8.5" cy="8.5" r="1.2"/>'
)
MENU = (MenuEntry("标签", "/tags", "tag.view", icon="tag", group=Group.MEMBERS, position=17, drawing=_DRAWING),)
