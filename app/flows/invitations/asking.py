"""Asking people whether an inviter's friends are real, once for an inviter and mall; the answer pays all, or none."""

from datetime import datetime, timedelta

from app.access import audit
from app.access.audit import Actor
from app.access.models import Role
from app.access.scopes import Place
from app.cases import cases
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.flows.consequences import favours
from app.flows.invitations import acting, paying
from app.flows.invitations.signs import Sign
from app.identity import people, queries
from app.identity.models import Member
from app.invitations import invitations, rule_sets
from app.invitations import queries as invitation_queries
from app.invitations.models import Invitation, Why
from app.kernel import clock
from app.malls import queries as malls

# How many friends a case points at.
_MOST_FRIENDS = 8


def ask(inviter: Member, invitation: Invitation, sign: Sign, *, now: datetime) -> bool:
    """Ask about a held inviter's invitation: with others of theirs, if people are asked about those already."""
    if not invitations.ask(invitation):
        return False
    asked = invitation_queries.list_asked(queries.list_person_ids(inviter.id), invitation.mall_id)
    told = {**sign.facts, "asked": len(asked), "mall": malls.get_mall(invitation.mall_id).name}
    subject = _subject(inviter, invitation)
    evidence = [f"member:{inviter.id}", *(f"member:{one.member_id}" for one in asked[:_MOST_FRIENDS])]
    is_new = cases.raise_case(
        INVITATIONS,
        subject,
        mall_id=invitation.mall_id,
        reason=sign.reason,
        facts=told,
        evidence=evidence,
        now=now,
    )
    return is_new or cases.restate(INVITATIONS, subject, reason=sign.reason, facts=told, evidence=evidence)


def _subject(inviter: Member, invitation: Invitation) -> str:
    return f"inviter:{invitation.mall_id}-{inviter.id}"


def _pay(case: Case, *, by: Actor, now: datetime) -> None:
    """They are real: give what they bring, unless what they did was undone meanwhile. Raises OwnMembership."""
    inviter, asked = _lock_asked(case)
    favours.ensure_not_theirs(inviter, by)
    if not queries.is_joined(inviter):
        return _close(case, inviter, asked, Why.LEFT, by=by, now=now)
    for invitation in asked:
        said = rule_sets.in_force(invitation.mall_id, clock.business_date(invitation.joined_at))
        numbers = [number for number, _ in people.find_people([invitation.member_id]).numbers]
        if numbers and acting.find_act(invitation, numbers, said) is not None:
            paying.pay(inviter, invitation, said, now=now)
        else:
            invitations.void(invitation, Why.REFUNDED if numbers else Why.LEFT, now=now)
    _note("invitation.pay", case, inviter, len(asked), by=by, now=now)


def _refuse(case: Case, *, by: Actor, now: datetime) -> None:
    """They are made up: nothing is given for any of them."""
    inviter, asked = _lock_asked(case)
    _close(case, inviter, asked, Why.REFUSED, by=by, now=now)


def _close(case: Case, inviter: Member, asked: list[Invitation], why: Why, *, by: Actor, now: datetime) -> None:
    for invitation in asked:
        invitations.void(invitation, why, now=now)
    _note("invitation.refuse", case, inviter, len(asked), by=by, now=now)


def _lock_asked(case: Case) -> tuple[Member, list[Invitation]]:
    """The inviter, held, and all of theirs in the mall about which people are asked."""
    inviter = queries.lock_member(int(case.subject.rpartition("-")[2]))
    return inviter, list(invitation_queries.list_asked(queries.list_person_ids(inviter.id), case.mall_id))


def _note(action: str, case: Case, inviter: Member, friends: int, *, by: Actor, now: datetime) -> None:
    place = Place(mall_id=case.mall_id)
    facts = {"friends": friends}
    audit.record(by, action=action, subject=f"member:{inviter.id}", now=now, place=place, facts=facts)


INVITATIONS = CaseKind(
    code="invitations",
    role=Role.OPERATIONS,
    within=timedelta(days=5),
    outcomes={"pay": _pay, "refuse": _refuse},
)
