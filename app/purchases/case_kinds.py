"""The cases that receipts raise."""

from app.purchases import unclaimed
from app.purchases.totals import totals

CASE_KINDS = {kind.code: kind for kind in (unclaimed.RECEIPTS_UNCLAIMED, totals.TOTALS_DIFFER)}
CASE_RAISERS = (unclaimed.raise_cases,)
