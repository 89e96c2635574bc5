"""What was typed wrong is taken back until its day comes: tariffs, rules of touches, contract terms."""

from app.access.models import Role
from app.access.scopes import Place
from app.outreach.touch_rules import policy
from app.parking.car_parks import tariffs
from app.settlement.contracts import contracts
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock

# The tests' day is 2026-03-11.
TARIFF = {
    "effective_from": "2026-03-12",
    "free_minutes": "15",
    "step_minutes": "30",
    "step": "4.5",
    "daily_cap": "60",
    "exit_grace_minutes": "20",
}
RULE = {
    "effective_from": "2026-03-12",
    "window_days": "10",
    "marketing_cap": "3",
    "quiet_from": "20:30",
    "quiet_until": "10:00",
}
TERMS = {
    "effective_from": "2026-03-12",
    "commission": "65",
    "issue_price": "0.8",
    "redeem_price": "1",
    "due_days": "30",
}


def test_a_tariff_is_taken_back_and_set_anew(operations: Console, auditor: Console, world: World) -> None:
    page, code = f"{world.base}/parking/tariffs", world.car_park.code
    before = len(tariffs.list_tariffs(world.car_park.id))
    operations.post(page, **TARIFF, car_park=code)
    version = tariffs.list_tariffs(world.car_park.id)[0]
    address = f"{page}/{code}/{version.id}/withdraw"
    assert address in operations.get(page).text and address not in auditor.get(page).text
    assert operations.post(address).location == page
    assert len(tariffs.list_tariffs(world.car_park.id)) == before
    facts = audited("parking.withdraw_tariff").facts
    assert (facts["effective_from"], facts["step_fen"]) == ("2026-03-12", 450)
    operations.post(address, page=page)
    assert "即将或已经生效" in operations.get(page).text
    assert operations.post(page, **TARIFF | {"step": "5"}, car_park=code).location == page


def test_a_tariff_in_force_stays(operations: Console, world: World) -> None:
    page, [version] = f"{world.base}/parking/tariffs", tariffs.list_tariffs(world.car_park.id)
    operations.post(f"{page}/{world.car_park.code}/{version.id}/withdraw", page=page)
    assert "即将或已经生效" in operations.get(page).text
    assert len(tariffs.list_tariffs(world.car_park.id)) == 1


def test_a_version_is_taken_back_under_its_own_car_park_only(
    operations: Console, enter: SignIn, world: World, other: World
) -> None:
    operations.post(f"{world.base}/parking/tariffs", **TARIFF, car_park=world.car_park.code)
    version = tariffs.list_tariffs(world.car_park.id)[0]
    theirs = enter(Role.OPERATIONS, Place(mall_id=other.mall.id))
    page = f"{other.base}/parking/tariffs"
    theirs.post(f"{page}/{other.car_park.code}/{version.id}/withdraw", page=page)
    assert theirs.post(f"{page}/{world.car_park.code}/{version.id}/withdraw", page=page).status_code == 404
    assert tariffs.list_tariffs(world.car_park.id)[0].id == version.id


def test_a_rule_of_touches_is_taken_back_until_its_day(operations: Console, world: World, clock: StillClock) -> None:
    page = f"{world.base}/messages/rules"
    operations.post(page, **RULE)
    [version] = policy.list_versions()
    address = f"{page}/{version.id}/withdraw"
    assert address in operations.get(page).text
    assert operations.post(address).location == page
    assert policy.list_versions() == [] and audited("message.withdraw_rule").facts["marketing_cap"] == 3
    operations.post(page, **RULE)
    [version] = policy.list_versions()
    clock.set(version.effective_from)
    operations.post(f"{page}/{version.id}/withdraw", page=page)
    assert [kept.id for kept in policy.list_versions()] == [version.id]


def test_the_rule_of_all_malls_is_not_taken_back_by_who_keeps_one(
    operations: Console, enter: SignIn, world: World, other: World
) -> None:
    administrator = enter(Role.ADMINISTRATOR)
    administrator.post(f"{world.base}/messages/rules", **RULE)
    [version] = policy.list_versions()
    assert operations.post(f"{world.base}/messages/rules/{version.id}/withdraw").status_code == 403
    assert len(policy.list_versions()) == 1


def test_contract_terms_are_taken_back(finance: Console, auditor: Console, world: World) -> None:
    page = f"{world.base}/contracts/{world.merchant.code}"
    before = len(contracts.list_terms(world.mall.id, world.merchant.id))
    finance.post(f"{page}/terms", **TERMS)
    version = contracts.list_terms(world.mall.id, world.merchant.id)[0]
    address = f"{page}/terms/{version.id}/withdraw"
    assert address in finance.get(page).text and address not in auditor.get(page).text
    assert finance.post(address).location == page
    assert len(contracts.list_terms(world.mall.id, world.merchant.id)) == before
    assert audited("contract.withdraw").facts["commission_bps"] == 6_500
    assert "待生效" not in finance.get(page).text
