"""What a merchant reads depends on who owes whom."""

import pytest

from app.settlement.statements import wording

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("amount_fen", "said"),
    [
        (1, "已确认，商场财务会按此付款"),
        (0, "已确认，本月无需付款"),
        (-1, "已确认，请按此金额向商场付款"),
    ],
)
def test_after_the_yes_the_one_who_owes_is_told_to_pay(amount_fen: int, said: str) -> None:
    assert wording.once_confirmed(amount_fen) == said
