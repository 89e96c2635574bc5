"""What the console shows of segments."""

from markupsafe import Markup

from mall_console.kit.menu import Group, MenuEntry
from mall_console.segments import lists, segments

_DRAWING = Markup(
    '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="3.2"/>'
    '<path d="M12 3.5v5.3M20.5 12h-5.3M6 18l3.7-3.7"/>'
)

BLUEPRINTS = (segments.blueprint,)
MENU = (
    MenuEntry("人群", "/segments", "segment.view", icon="segment", group=Group.MEMBERS, position=18, drawing=_DRAWING),
)
LISTINGS = (lists.SEGMENTS, lists.MEMBERS)
