"""Whatever is posted, refunded, undone and closed, in whatever order: the books agree with a model of a few lines."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.settlement.ledger import lines, postings, queries, rules
from app.settlement.ledger.models import Book, Posting
from app.settlement.statements import queries as statement_queries
from app.settlement.statements import statements
from app.settlement.statements.models import Statement
from tests.builders.settlement import JANUARY, Contract, at_noon, make_contract, new_fact

RATE_BPS, ISSUE_FEN, SPEND_FEN = 333, 47, 91
days_late = st.integers(0, 70)


class Ledger(RuleBasedStateMachine):
    """The model: how many fen every act left standing, and on which day the book is open from."""

    redeemed, bought, refunded = Bundle("redeemed"), Bundle("bought"), Bundle("refunded")

    @initialize()
    def begin(self) -> None:
        self.contract: Contract = make_contract(
            commission_bps=RATE_BPS, issue_price_fen=ISSUE_FEN, redeem_price_fen=SPEND_FEN
        )
        self.today = JANUARY
        self.open_from = JANUARY
        self.owed_fen: dict[str, int] = {}
        self.settled_fen = 0
        self.settled_postings = 0

    @rule(target=redeemed, mall_fen=st.integers(0, 5_000), merchant_fen=st.integers(0, 5_000), late=days_late)
    def redeem(self, mall_fen: int, merchant_fen: int, late: int) -> str:
        fact = new_fact("redemption")
        self._redeem(fact, mall_fen, merchant_fen, late)
        self._redeem(fact, mall_fen, merchant_fen, 0)
        self.owed_fen[fact] = mall_fen
        return fact

    def _redeem(self, fact: str, mall_fen: int, merchant_fen: int, late: int) -> None:
        lines.post(
            postings.redemption_lines(
                self.contract.store_ref,
                fact=fact,
                mall_fen=mall_fen,
                merchant_fen=merchant_fen,
                mall_share_bps=5_000,
                merchant_share_bps=5_000,
                occurred_at=self._ago(late),
            )
        )
        assert len(queries.list_postings_of_fact(fact)) == 2

    @rule(fact=redeemed)
    def undo(self, fact: str) -> None:
        """Any number of times, under any name: it is taken back once."""
        postings.reverse(fact=fact, reversal_fact=new_fact("redemption-reversal"), occurred_at=self._ago(0))
        self.owed_fen[fact] = 0

    @rule(target=bought, amount_fen=st.integers(0, 10**7), points=st.integers(0, 10**5), late=days_late)
    def buy(self, amount_fen: int, points: int, late: int) -> tuple[str, int, int]:
        fact = new_fact("purchase", "pos")
        postings.post_purchase(
            self.contract.store_ref, fact=fact, amount_fen=amount_fen, points=points, occurred_at=self._ago(late)
        )
        self._keep(fact, amount_fen, points)
        return fact, amount_fen, points

    @rule(target=bought, purchase=consumes(bought), share=st.fractions(0, 1))
    def refund(self, purchase: tuple[str, int, int], share: float) -> tuple[str, int, int]:
        """Part of what is kept goes back, twice over the wire; what stays owed is the terms' price of what is kept."""
        fact, amount_fen, points = purchase
        back_fen, back_points = int(amount_fen * share), int(points * share)
        name = new_fact("purchase", "pos")
        for _ in range(2):
            postings.post_refund(
                fact=name,
                purchase_fact=fact,
                amount_fen=-back_fen,
                points=-back_points,
                occurred_at=self._ago(0),
            )
        self._keep(fact, amount_fen - back_fen, points - back_points)
        return fact, amount_fen - back_fen, points - back_points

    def _keep(self, fact: str, amount_fen: int, points: int) -> None:
        commission_fen = rules.commission_fen(amount_fen, RATE_BPS)
        self.owed_fen[fact] = commission_fen - rules.points_fen(points, ISSUE_FEN)

    @rule(points=st.integers(1, 10**5), late=days_late)
    def spend_points(self, points: int, late: int) -> None:
        fact = new_fact("points", "order")
        postings.post_points_spent(self.contract.store_ref, fact=fact, points=points, occurred_at=self._ago(late))
        self.owed_fen[fact] = rules.points_fen(points, SPEND_FEN)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(times=st.integers(1, 2))
    def close_last_month(self, times: int) -> None:
        """Closes the month before today's, however many were left out; the second time changes nothing."""
        this_month = clock.first_of_month(self.today)
        period = clock.first_of_month(this_month - timedelta(days=1))
        for _ in range(times):
            closing = statements.close_month(self.contract.mall.id, period, now=at_noon(self.today))
            assert closing.issued == (1 if self.open_from < this_month else 0)
            self.open_from = max(self.open_from, this_month)

    @invariant()
    def everything_owed_is_posted(self) -> None:
        if hasattr(self, "contract"):
            posted = db.session.scalars(select(Posting.amount_fen).where(self._mine(Posting)))
            assert sum(posted) == sum(self.owed_fen.values())

    @invariant()
    def every_posting_is_in_one_statement_or_in_the_open_book(self) -> None:
        if hasattr(self, "contract"):
            db.session.expire_all()
            settled = db.session.scalars(select(Statement).where(self._mine(Statement))).all()
            (book,) = queries.list_open_books(self.contract.mall.id)
            assert book.first_open_day == self.open_from
            total_fen = sum(statement.amount_fen for statement in settled) + book.amount_fen
            count = sum(statement.posting_count for statement in settled) + book.posting_count
            posted = db.session.scalars(select(Posting.amount_fen).where(self._mine(Posting))).all()
            assert (total_fen, count) == (sum(posted), len(posted))

    @invariant()
    def statements_follow_one_another_and_are_the_sum_of_their_lines(self) -> None:
        if hasattr(self, "contract"):
            day = JANUARY
            for statement in db.session.scalars(
                select(Statement).where(self._mine(Statement)).order_by(Statement.period)
            ):
                assert statement.from_day == day
                day = statement.to_day + timedelta(days=1)
                lines = statement_queries.list_lines(statement.id)
                assert sum(line.amount_fen for line in lines) == statement.amount_fen
                assert sum(line.posting_count for line in lines) == statement.posting_count
            assert day == self.open_from

    def _mine(self, table: type[Posting] | type[Statement] | type[Book]) -> object:
        return table.merchant_id == self.contract.merchant.id

    def _ago(self, days: int) -> object:
        """That many days before today, but not before the contract."""
        day: date = max(JANUARY, self.today - timedelta(days=days))
        return at_noon(day)


@pytest.mark.requirement("S3.21")
def test_the_books_agree_with_the_model() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
