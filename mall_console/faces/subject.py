"""What the console shows of a mall's looks."""

from markupsafe import Markup

from mall_console.faces import faces, pictures, tiers
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (faces.blueprint, pictures.blueprint, tiers.blueprint)
MENU = (
    MenuEntry(
        "商场形象",
        "/face",
        "face.view",
        icon="face",
        group=Group.MEMBERS,
        position=60,
        drawing=Markup('<path d="M4 5h16v14H4zM4 15.500l4.500-4 3.500 3 3.500-3.500L20 15.500M9 9.200h.01"/>'),
    ),
)
