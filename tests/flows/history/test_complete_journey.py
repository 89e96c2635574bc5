"""The Complete Journey year, for its first households: imported, redeemed, closed and downloaded."""

import io
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, true

from app.benefits.coupons.models import Redemption
from app.kernel.db import db
from app.kernel.lists.keyset import Asked
from app.malls.models import Mall
from app.purchases.models import Purchase, PurchaseLine
from app.settlement.exports import exports
from app.settlement.ledger.models import Posting
from app.settlement.statements import queries, statements
from app.settlement.statements.models import Statement
from cli.complete_journey.source import Source
from tests.flows.history.snapshots import snapshot
from tests.support.clock import StillClock

HOUSEHOLDS = 8


@pytest.fixture
def loaded(app: Flask, clock: StillClock) -> str:
    """What the command said."""
    done = app.test_cli_runner().invoke(args=["import", "complete-journey", "--households", str(HOUSEHOLDS)])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_a_month_of_it_can_be_closed_and_downloaded(loaded: str, app: Flask, clock: StillClock) -> None:
    source = Source(HOUSEHOLDS)
    assert db.session.scalar(select(func.count()).select_from(PurchaseLine)) == source.line_count
    assert db.session.scalar(select(func.sum(Purchase.amount_fen))) == source.amount_fen
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == len(source.redemptions()) > 0
    mall = db.session.scalars(select(Mall).where(Mall.code == "CJ")).one()
    for month in range(1, 13):
        statements.close_month(mall.id, date(2017, month, 1), now=clock.now)
    of_2017 = Posting.accounting_day < date(2018, 1, 1)
    posted = db.session.scalar(select(func.sum(Posting.amount_fen)).where(of_2017))
    assert db.session.scalar(select(func.sum(Statement.amount_fen))) == posted
    june = queries.list_statements(visible=true(), mall_id=mall.id, period=date(2017, 6, 1), asked=Asked(100))
    found = list(june)
    file = io.BytesIO()
    exports.write_xlsx(found, file)
    rows = sum(sheet.max_row for sheet in load_workbook(file).worksheets)
    assert rows > sum(one.statement.posting_count for one in found) > 0


def test_run_again_it_changes_nothing(loaded: str, app: Flask, clock: StillClock) -> None:
    before = snapshot()
    done = app.test_cli_runner().invoke(args=["import", "complete-journey", "--households", str(HOUSEHOLDS)])
    assert (done.exit_code, "0 new" in done.output.splitlines()[-1]) == (0, True)
    assert snapshot() == before
