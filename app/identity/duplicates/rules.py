"""How much each sign says, when two members are one for certain, and when people are asked."""

from collections.abc import Collection, Mapping

from app.identity.duplicates.models import Outcome

# How likely two members with the sign in common are one person, in basis points. What a household shares says little.
WEIGHTS_BPS: Mapping[str, int] = {
    "phone": 10_000,  # a phone that both have proved
    "unionid": 10_000,  # one account at WeChat, by the platform's own word
    "card": 6_000,  # a mall's file has the phone of one beside the card of the other
    "birthdate": 6_000,  # the same name, and birthday with its year
    "birthday": 3_500,  # the same name and birthday
    "device": 3_500,  # one was signed in on the device on which the other then was
    "plate": 3_000,  # a car of one that the other owns or pays for
}
# A full birthday contains the short one: of such kinds only the weightiest counts.
_SAME = ({"birthdate", "birthday"},)
# What speaks for two people: what is left of the likelihood, in basis points.
AGAINST_BPS: Mapping[str, int] = {
    "birthday_differs": 3_000,
}
# Signs that alone prove it, whatever else there is.
PROOFS = frozenset({"phone", "unionid"})
CERTAIN_BPS = 9_900
DOUBTFUL_BPS = 4_000
# A value that more members share (a company's car, a phone at a counter) says nothing of anybody.
MOST_SHARING = 5
_WHOLE = 10_000


def telling(evidence: Collection[str]) -> set[str]:
    """The signs without those that another one contains."""
    counted = set(evidence)
    for same in _SAME:
        counted -= set(sorted(same & counted, key=WEIGHTS_BPS.__getitem__)[:-1])
    return counted


def confidence_bps(evidence: Collection[str], against: Collection[str]) -> int:
    """How likely two members are one person: signs add up as independent chances do."""
    counted = telling(evidence)
    doubt = _WHOLE
    for sign in sorted(counted):
        doubt = doubt * (_WHOLE - WEIGHTS_BPS[sign]) // _WHOLE
    likely = _WHOLE - doubt
    if counted & PROOFS:
        return likely
    for sign in sorted(set(against)):
        likely = likely * AGAINST_BPS[sign] // _WHOLE
    return likely


def verdict(confidence: int, evidence: Collection[str]) -> Outcome:
    """What is done about a pair of this confidence; without a proof nobody is merged unasked."""
    if confidence >= CERTAIN_BPS and PROOFS & set(evidence):
        return Outcome.CERTAIN
    return Outcome.DOUBTFUL if confidence >= DOUBTFUL_BPS else Outcome.FAINT


def is_news(evidence: Mapping[str, int], known: Mapping[str, int]) -> bool:
    """Whether there is evidence that was not there before: another sign, or another value of one."""
    return any(count > known.get(sign, 0) for sign, count in evidence.items())
