"""Terms taken back while others are agreed: whoever comes second sees what the first one did."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.kernel.db import atomic
from app.settlement import agreements
from app.settlement.contracts import contracts
from tests.builders.settlement import FEBRUARY, JANUARY, MARCH, Contract, at_noon, find_open_day, make_contract
from tests.support.patience import PATIENCE_S
from tests.support.races import race
from tests.support.waiting import is_somebody_waiting, wait_until


def withdraw(contract: Contract) -> None:
    [terms] = [
        terms
        for terms in contracts.list_terms(contract.mall.id, contract.merchant.id)
        if terms.effective_from == FEBRUARY
    ]
    agreements.withdraw_terms(contract.mall.id, contract.merchant.id, terms.id, now=at_noon(JANUARY))


def agree(contract: Contract) -> None:
    agreements.add_terms(
        contract.mall.id,
        contract.merchant.id,
        effective_from=MARCH,
        commission_bps=1,
        issue_price_fen=1,
        redeem_price_fen=1,
    )


def in_turn(app: Flask, contract: Contract, *acts: Callable[[Contract], None]) -> list[object]:
    """The first act commits only once the second is seen waiting for it."""
    acted, ended = threading.Event(), threading.Event()
    first, second = acts

    def holder() -> None:
        with atomic():
            first(contract)
            acted.set()
            wait_until(lambda: ended.is_set() or is_somebody_waiting())

    def waiter() -> None:
        acted.wait(PATIENCE_S)
        with atomic():
            second(contract)
        ended.set()

    return race(app, [holder, waiter])


@pytest.mark.parametrize("acts", [(withdraw, agree), (agree, withdraw)])
def test_terms_that_stand_have_their_book(
    committed_app: Flask,
    committed_db: scoped_session[Session],
    acts: tuple[Callable[[Contract], None], ...],
) -> None:
    with atomic():
        contract = make_contract(since=FEBRUARY)
    assert in_turn(committed_app, contract, *acts) == [None, None]
    assert [terms.effective_from for terms in contracts.list_terms(contract.mall.id, contract.merchant.id)] == [MARCH]
    assert find_open_day(contract) == MARCH
