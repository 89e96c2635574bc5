"""A machine's id and a campaign's code are given once, also when several people ask at the same moment."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.machines import machines
from app.access.machines.errors import MachineKnown
from app.access.machines.models import Machine
from app.access.scopes import Place
from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.errors import CampaignCodeTaken
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.errors import DomainError
from tests.builders.malls import make_mall
from tests.support.races import race, winners

CALLERS = 6
OFFER = Offer(title="立减 10 元", summary="今天可用", kind=CampaignKind.CASH, face_fen=1_000, valid_days=7)


def add_machine(mall_id: int) -> None:
    machines.add("till-1", kind="pos", name="收银", secret="s", place=Place(mall_id=mall_id), now=clock.now())


def create_campaign(mall_id: int) -> None:
    campaigns.create(mall_id, "join-dining", OFFER, store_ids=None, now=clock.now())


@pytest.mark.parametrize(
    ("act", "refusal", "row"),
    [(add_machine, MachineKnown, Machine), (create_campaign, CampaignCodeTaken, Campaign)],
)
def test_one_gets_it_and_the_others_are_told(
    committed_app: Flask, act: Callable[[int], None], refusal: type[DomainError], row: type[Machine] | type[Campaign]
) -> None:
    with atomic():
        mall_id = make_mall().id

    def caller() -> None:
        with atomic():
            act(mall_id)

    results = race(committed_app, [caller] * CALLERS)
    assert len(winners(results)) == 1
    assert [type(lost) for lost in results if lost is not None] == [refusal] * (CALLERS - 1)
    assert db.session.scalar(select(func.count()).where(row.mall_id == mall_id)) == 1
