"""Refusals about what members tell of themselves."""

from app.kernel.errors import DomainError


class BirthdayImpossible(DomainError):
    """No calendar has this day, it is yet to come, or nobody is so old."""

    code = "birthday_impossible"


class GuardianRequired(DomainError):
    """Who was born in this year is too young to agree for themselves."""

    kind = "forbidden"
    code = "guardian_required"


class BirthdayChangedLately(DomainError):
    """A birthday is changed at most once a year. Fact: allowed_on, the first day on which it may be again."""

    kind = "conflict"
    code = "birthday_changed_lately"


class HouseholdUnlikely(DomainError):
    """More children of one age than are written down. Fact: most."""

    code = "household_unlikely"
