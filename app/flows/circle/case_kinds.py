"""The cases that the business circle raises."""

from app.flows.circle import parkings

CASE_KINDS = {parkings.PARKINGS_LOST.code: parkings.PARKINGS_LOST}
CASE_RAISERS = (parkings.raise_cases,)
