"""Refusals of entrances."""

from app.kernel.errors import DomainError


class EntranceNotFound(DomainError):
    """No entrance is open, not even a main one."""

    kind = "not_found"
    code = "entrance_not_found"


class CostWeekAhead(DomainError):
    """A week that is yet to begin has cost nothing."""

    code = "entrance_cost_week_ahead"


class CostWeekTooEarly(DomainError):
    """A week before the mall had any entrance cost nothing. Fact: first_day, since when it has."""

    code = "entrance_cost_week_too_early"


class FootfallAhead(DomainError):
    """An hour that has not begun is counted already. Facts: day, hour."""

    code = "footfall_ahead"
