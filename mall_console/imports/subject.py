"""What the console shows of imports."""

from markupsafe import Markup

from mall_console.imports import imports, rejects, uploads
from mall_console.imports.history import IMPORTS
from mall_console.kit.menu import Group, MenuEntry

_ICON = Markup('<path d="M12 3v11m0 0 4-4m-4 4-4-4M4 15v3a3 3 0 0 0 3 3h10a3 3 0 0 0 3-3v-3"/>')

BLUEPRINTS = (imports.blueprint, rejects.blueprint, uploads.blueprint)
MENU = (
    MenuEntry(
        "数据导入", "/imports", "import.view", icon="import", group=Group.ADMINISTRATION, position=5, drawing=_ICON
    ),
)
LISTINGS = (IMPORTS,)
FILES = (rejects.REJECTS,)
