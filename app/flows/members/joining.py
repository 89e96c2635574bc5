"""How a person becomes a member: seen at an entrance, recognised, phone verified, joined, welcomed with benefits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.benefits.grants import grants
from app.benefits.grants.grants import Granted
from app.entrances import scans
from app.entrances.models import Entrance
from app.flows.consequences import joining as consequences
from app.flows.consequences import returning, scanning
from app.flows.consequences.circle import late
from app.flows.members import inviting
from app.identity import consents, members, queries
from app.identity.models import IdentityKind, Member
from app.invitations import codes
from app.invitations.models import InvitationCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Through which entrance somebody came, and which opening of it this was.

    A code that is nobody's leads through the main entrance, which is not given credit for it: `unknown_scene`. A
    member's own leads through the mall's entrance of invitations: `invitation`.
    """

    entrance: Entrance
    visit_key: str | None
    unknown_scene: str | None = None
    invitation: InvitationCode | None = None

    @property
    def credited(self) -> Entrance | None:
        """The entrance that brought them."""
        return self.entrance if self.unknown_scene is None else None

    @property
    def source(self) -> str:
        """What the code said."""
        return self.unknown_scene or self.entrance.scene

    @property
    def opening(self) -> scans.Opening | None:
        """What to count, if the client told of an opening."""
        if self.visit_key is None:
            return None
        return scans.Opening(entrance_id=self.entrance.id, visit_key=self.visit_key, unknown_scene=self.unknown_scene)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The outcome of joining; `granted` is empty when they had joined before.

    `had_before`: they had the benefits of joining before they left, not long ago, and get none now.
    """

    member: Member
    granted: Sequence[Granted]
    is_new: bool
    had_before: bool = False


def find_arrival(scene: str | None, visit_key: str | None) -> Arrival | None:
    """The arrival that a client tells of, also through a stopped or unknown code; None without a scene."""
    scanned = codes.find_scanned(scene) if scene else None
    if scanned is None:
        return None
    found = scanned.found
    return Arrival(
        entrance=found.counted, visit_key=visit_key, unknown_scene=found.unknown_scene, invitation=scanned.code
    )


def recognise_member(
    identities: Mapping[IdentityKind, str], *, arrival: Arrival | None, home_mall_id: int, now: datetime
) -> Member:
    """Somebody signed in: find or make them by their identities and note through which entrance they came."""
    mall_id = arrival.entrance.mall_id if arrival else home_mall_id
    were = queries.owners_of(identities) if len(identities) > 1 else {}  # by one of them nobody is found to be two
    member = members.recognise(identities, home_mall_id=mall_id, now=now)
    returning.recall(member, now=now)
    late.bring_merged(member, were.values(), now=now)
    note_arrival(member, arrival, now=now)
    return member


def note_arrival(member: Member, arrival: Arrival | None, *, now: datetime) -> None:
    """The scan counts for its entrance and stands on the member's timeline, once per opening."""
    if arrival is None or arrival.opening is None:
        return
    scanning.apply(member.id, arrival.entrance, arrival.opening, source=arrival.source, now=now)


def verify_phone(member: Member, phone: str, *, now: datetime) -> Member:
    """Somebody proved a phone by SMS: bind it, or find out who they are by it; returns who they are."""
    found = members.bind_phone(member, phone, now=now)
    returning.recall(found, now=now)
    late.bring_merged(found, [member.id], now=now)
    return found


def join_member(
    member_id: int,
    *,
    consent_version: str,
    phone: str | None,
    channel: str,
    arrival: Arrival | None,
    device: str | None = None,
    now: datetime,
) -> Joined:
    """The member agrees, gives a verified phone (unless they did before) and is welcomed with what joining grants.

    Joining twice changes nothing and grants nothing. `device` is its own random name, kept with an invitation.
    Raises ConsentOutdated, PhoneRequired, PhoneTaken.
    """
    if phone is None:
        member = queries.lock_member(member_id)
    else:
        member = members.bind_phone(queries.get_member(member_id), phone, now=now)
    consents.give(member.id, kind=consents.MEMBERSHIP, version=consent_version, channel=channel, now=now)
    entrance = arrival.credited if arrival else None
    is_new = members.join(member, entrance_id=entrance.id if entrance else None, now=now)
    late.bring_home(member.id, now=now)
    if not is_new:
        returning.recall(member, now=now)
        return Joined(member=member, granted=[], is_new=False)
    if arrival is not None and arrival.invitation is not None:
        inviting.note(member, arrival.invitation, device=device, now=now)
    if grants.JOIN in returning.welcome_back(member.id, now=now):
        _note_joining(member, arrival, now=now)
        return Joined(member=member, granted=[], is_new=True, had_before=True)
    return Joined(member=member, granted=_welcome(member, arrival, now=now), is_new=True)


def _welcome(member: Member, arrival: Arrival | None, *, now: datetime) -> list[Granted]:
    _note_joining(member, arrival, now=now)
    entrance = arrival.credited if arrival else None
    mall_id = arrival.entrance.mall_id if arrival else member.home_mall_id
    return grants.grant(
        member.id, trigger=grants.JOIN, mall_id=mall_id, entrance_id=entrance.id if entrance else None, now=now
    )


def _note_joining(member: Member, arrival: Arrival | None, *, now: datetime) -> None:
    entrance = arrival.credited if arrival else None
    mall_id = arrival.entrance.mall_id if arrival else member.home_mall_id
    joined = consequences.Consequences(
        member_id=member.id,
        joined_at=now,
        mall_id=mall_id,
        store_id=entrance.store_id if entrance else None,
        source=arrival.source if arrival else "",
    )
    if arrival is not None and arrival.opening is not None:
        scans.record_join(arrival.opening, member_id=member.id, now=now)
    consequences.apply(joined, now=now)
