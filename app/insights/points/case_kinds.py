"""The case that the redemption rate of points raises."""

from app.insights.points.watching import POINTS_RATE

CASE_KINDS = {POINTS_RATE.code: POINTS_RATE}
CASE_RAISERS = ()
