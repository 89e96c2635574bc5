"""The menu is made of what subjects bring: in its groups, in order, one entry per place."""

import pytest

from mall_console.kit.menu import Group, Menu, MenuEntry

pytestmark = pytest.mark.no_database


def _entry(label: str, path: str, group: Group, position: int) -> MenuEntry:
    return MenuEntry(label, path, "overview.view", icon="today", group=group, position=position)


def test_entries_stand_by_group_and_position() -> None:
    settlement, staff = _entry("结算", "/settlement", Group.MONEY, 1), _entry("员工", "/staff", Group.ADMINISTRATION, 2)
    stores = _entry("门店", "/stores", Group.ADMINISTRATION, 1)
    assert Menu.of([staff, stores, settlement]).entries == (settlement, stores, staff)


def test_two_entries_do_not_claim_one_place_or_one_address() -> None:
    stores = _entry("门店", "/stores", Group.ADMINISTRATION, 1)
    with pytest.raises(ValueError, match="门店 and 员工 claim the same place"):
        Menu.of([stores, _entry("员工", "/staff", Group.ADMINISTRATION, 1)])
    with pytest.raises(ValueError, match="one address"):
        Menu.of([stores, _entry("员工", "/stores", Group.ADMINISTRATION, 2)])


def test_a_page_belongs_to_the_entry_that_names_it_most_exactly() -> None:
    home, settlement = _entry("首页", "", Group.TODAY, 1), _entry("结算", "/settlement", Group.MONEY, 1)
    unsettled = _entry("待结清与异议", "/settlement/open", Group.MONEY, 2)
    menu = Menu.of([home, settlement, unsettled])
    places = ["", "/settlement", "/settlement/2026-10", "/settlement/open", "/settlement/open/1", "/settlements"]
    here = [menu.find_here(path) for path in places]
    assert here == [home, settlement, settlement, unsettled, unsettled, None]
