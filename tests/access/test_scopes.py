"""Permissions come from roles, places from scopes; nothing is seen outside both."""

import itertools

import pytest

from app.access.models import Role
from app.access.scopes import ALL_PERMISSIONS, GROUP, PERMISSIONS, Grant, Place, Scope
from app.kernel.errors import Forbidden

pytestmark = pytest.mark.no_database

MALL, MERCHANT, STORE = Place(mall_id=1), Place(mall_id=1, merchant_id=2), Place(mall_id=1, merchant_id=2, store_id=3)


def test_every_role_has_permissions_and_they_are_all_named_subject_and_verb() -> None:
    assert set(PERMISSIONS) == set(Role)
    for permission in ALL_PERMISSIONS:
        subject, separator, verb = permission.partition(".")
        assert subject and separator and verb


def test_the_auditor_changes_nothing() -> None:
    reading = ("view", "enter", "list", "download", "watch")
    assert {permission.partition(".")[2] for permission in PERMISSIONS[Role.AUDITOR]} <= set(reading)


def test_a_clerk_sees_no_money_of_the_merchant() -> None:
    clerk = PERMISSIONS[Role.CLERK]
    assert not {name for name in clerk if name.startswith(("statement.", "clerk."))}
    assert "redemption.totals" not in clerk


def test_each_face_opens_to_its_own_roles() -> None:
    portal = {role for role, names in PERMISSIONS.items() if "portal.enter" in names}
    console = {role for role, names in PERMISSIONS.items() if "console.enter" in names}
    assert portal == {Role.CLERK, Role.MERCHANT_MANAGER}
    assert console == set(Role) - portal


@pytest.mark.parametrize("holder", [GROUP, MALL, MERCHANT, STORE])
def test_a_place_holds_itself_and_what_lies_inside(holder: Place) -> None:
    chain = [GROUP, MALL, MERCHANT, STORE]
    inside = chain[chain.index(holder) :]
    assert [place for place in chain if holder.holds(place)] == inside


def test_neighbours_hold_nothing_of_each_other() -> None:
    places = [Place(mall_id=1, store_id=3), Place(mall_id=1, store_id=4), Place(mall_id=2)]
    for one, other in itertools.permutations(places, 2):
        assert not one.holds(other)


def test_permission_and_place_must_come_from_one_grant() -> None:
    scope = Scope((Grant(Role.MERCHANT_MANAGER, MERCHANT), Grant(Role.CLERK, Place(mall_id=9, store_id=8))))
    assert scope.permits("statement.confirm", STORE)
    assert scope.permits("redemption.create", Place(mall_id=9, merchant_id=7, store_id=8))
    assert not scope.permits("statement.confirm", Place(mall_id=9, merchant_id=7, store_id=8))
    with pytest.raises(Forbidden):
        scope.ensure("statement.confirm", Place(mall_id=9))


def test_the_malls_of_a_scope_are_named_or_all() -> None:
    assert Scope((Grant(Role.FINANCE, MALL), Grant(Role.FINANCE, Place(mall_id=5)))).mall_ids == {1, 5}
    assert Scope((Grant(Role.FINANCE, MALL), Grant(Role.AUDITOR, GROUP))).mall_ids is None


def test_a_missing_column_hides_rows_instead_of_showing_them() -> None:
    scope = Scope((Grant(Role.MERCHANT_MANAGER, MERCHANT),))
    assert str(scope.condition("statement.view", mall_id=None, merchant_id=None)) == "false"
    assert str(Scope(()).condition("statement.view")) == "false"
