"""What the console shows of members."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.members import care, debts, lists, member_list, members, merges
from mall_console.members.outlook import outlook

BLUEPRINTS = (members.blueprint, care.blueprint, debts.blueprint, merges.blueprint, outlook.blueprint)
MENU = (MenuEntry("会员", "/members", "member.view", icon="member", group=Group.MEMBERS, position=10),)
LISTINGS = (member_list.MEMBERS, *lists.LISTINGS)
