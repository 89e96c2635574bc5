"""Addresses of cases in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/cases": "case.view",
        "/cases?tab=mine": "case.view",
        "/cases?tab=overdue": "case.view",
        "/cases?tab=answered": "case.view",
        f"/cases/{world.case.public_id}": "case.view",
    }


def forms(world: World) -> dict[str, str]:
    case = f"/cases/{world.case.public_id}"
    return {
        f"{case}/take": "case.work",
        f"{case}/answer": "case.work",
        f"{case}/hand-on": "case.work",
        f"{case}/reopen": "case.work",
        "/cases/batch/take": "case.work",
    }
