"""Addresses of points in the console."""

from tests.builders.console import World
from tests.builders.restatements import earning_trial_of


def pages(world: World) -> dict[str, str]:
    return {
        "/points": "overview.view",
        "/points/liability": "points.watch",
        "/points/liability/days": "points.watch",
        "/points/proof": "points.watch",
        "/points/rules": "earning.view",
        "/points/rules/new": "earning.manage",
        f"/points/rules/rehearsals/{earning_trial_of(world.mall)}": "earning.view",
        "/points/expiry": "points_expiry.view",
        "/points/goodwill": "goodwill.view",
        "/points/worth": "points_factor.view",
        "/points/payments": "points_payment.list",
        "/points/exchanges": "points_payment.list",
        "/points/till": "points_till.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/points/rules": "earning.manage",
        "/points/rules/example": "earning.manage",
        "/points/rules/1/withdraw": "earning.manage",
        "/points/rules/rehearsals/none": "earning.manage",
        "/points/expiry": "points_expiry.manage",
        "/points/goodwill": "goodwill.manage",
        "/points/goodwill/1/withdraw": "goodwill.manage",
        "/points/expiry/1/withdraw": "points_expiry.manage",
        "/points/worth": "points_factor.manage",
        "/points/till": "points_till.manage",
        "/points/till/1/withdraw": "points_till.manage",
        "/points/worth/example": "points_factor.manage",
        "/points/worth/1/withdraw": "points_factor.manage",
    }
