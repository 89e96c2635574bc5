"""Invitations in the console: what they came to, the ranking, the list, and rules that are published and taken back."""

from datetime import timedelta

from app.invitations import rule_sets
from app.invitations.rules import Rules
from app.kernel import clock
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.invitations import make_invitation
from tests.mall_console.conftest import Console, audited

FORM = {"counts": "purchases", "least": "50", "within_days": "30", "waiting_days": "3", "most_a_month": "20"}


def test_the_page_tells_what_came_of_invitations_and_who_brings_most(operations: Console, world: World) -> None:
    much, little = make_member(world.mall, phone="13812345678"), make_member(world.mall)
    now = clock.now()
    for why in (None, None, "lapsed"):
        make_invitation(much, make_member(world.mall), now - timedelta(days=3), why=why)
    make_invitation(little, make_member(world.mall), now - timedelta(days=40))
    shown = operations.get(f"{world.base}/invitations").text
    assert "138****5678" in shown and little.phone_masked not in shown and "期限内没有生效" in shown
    assert "，到店 3、消费 0" in shown
    assert str(little.phone_masked) in operations.get(f"{world.base}/invitations?of=90").text
    listed = operations.get(f"{world.base}/invitations/list?status=void").text
    assert "无奖励" in listed and "138****5678" in listed and str(little.phone_masked) not in listed


def test_rules_are_published_for_friends_of_a_coming_day_and_taken_back(operations: Console, world: World) -> None:
    base, tomorrow = f"{world.base}/invitations/rules", clock.business_date(clock.now()) + timedelta(days=1)
    assert "90 天内到店或消费" in operations.get(base).text
    answer = operations.post(base, page=base, effective_from=tomorrow.isoformat(), **FORM)
    assert "30 天内消费满 50 元" in operations.get(answer.location).text
    (version,) = rule_sets.list_versions(world.mall.id)
    assert rule_sets.to_rules(version) == Rules(
        counts_visits=False, least_fen=5_000, within_days=30, waiting_days=3, most_a_month=20
    )
    subject = f"invitation_rules:{version.id}"
    operations.post(f"{base}/{version.id}/withdraw", page=base)
    assert rule_sets.list_versions(world.mall.id) == []
    assert audited("invitation.withdraw_rules").subject == subject
