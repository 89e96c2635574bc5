"""The cases about members: two who may be one person, points that a second person is to agree to."""

from app.flows.members import adjusting, duplicates

CASE_KINDS = {
    duplicates.DUPLICATE.code: duplicates.DUPLICATE,
    adjusting.POINTS_ADJUSTMENT.code: adjusting.POINTS_ADJUSTMENT,
}
CASE_RAISERS = (duplicates.raise_cases,)
