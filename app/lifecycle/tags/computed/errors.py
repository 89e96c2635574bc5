"""Refusals about computed tags and their thresholds."""

from app.kernel.errors import DomainError


class TagsWorkedOutLater(DomainError):
    """A later day was worked out already. Fact: day."""

    kind = "conflict"
    code = "tags_worked_out_later"


class TagRulesNotSensible(DomainError):
    """Thresholds whose numbers do not fit together. Fact: reason."""

    code = "tag_rules_not_sensible"


class TagRulesTooEarly(DomainError):
    """Thresholds that would begin on a day that has begun already."""

    code = "tag_rules_too_early"


class TagRulesConflict(DomainError):
    """Other thresholds begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "tag_rules_conflict"


class TagRulesInForce(DomainError):
    """Those thresholds are in force already, or were taken back before."""

    kind = "conflict"
    code = "tag_rules_in_force"
