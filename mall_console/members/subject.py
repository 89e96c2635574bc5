"""What the console shows of members."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.members import member_list, search
from mall_console.members.merging import merge_list, merges
from mall_console.members.page import outlook, page, tags
from mall_console.members.records import lists
from mall_console.members.service import care, debts, goodwill

BLUEPRINTS = (
    search.blueprint,
    page.blueprint,
    care.blueprint,
    debts.blueprint,
    goodwill.blueprint,
    merges.blueprint,
    outlook.blueprint,
    tags.blueprint,
)
MENU = (MenuEntry("会员", "/members", "member.view", icon="member", group=Group.MEMBERS, position=10),)
LISTINGS = (member_list.MEMBERS, merge_list.MERGES, *lists.LISTINGS)
