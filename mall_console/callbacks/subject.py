"""What the console shows of callbacks."""

from markupsafe import Markup

from mall_console.callbacks import callback_list, callbacks
from mall_console.kit.menu import Group, MenuEntry

_ICON = Markup('<path d="M5 5.5h14v10H11l-4 3.5v-3.5H5zM12 8v2.8M12 12.9v.1"/>')

BLUEPRINTS = (callbacks.blueprint,)
MENU = (
    MenuEntry(
        "平台通知", "/callbacks", "callback.view", "callback", group=Group.ADMINISTRATION, position=6, drawing=_ICON
    ),
)
LISTINGS = (callback_list.CALLBACKS,)
