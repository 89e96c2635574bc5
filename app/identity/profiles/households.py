"""The children of a member's household: kept by age alone, under a consent of their own, and gone with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.identity import consents
from app.identity import queries as members
from app.identity.models import ConsentRecord
from app.identity.profiles import rules
from app.identity.profiles.errors import HouseholdUnlikely
from app.identity.profiles.models import MemberHousehold
from app.kernel.db import db

HOUSEHOLD = "household"

# The text a new group starts with; the group's lawyers put theirs in its place, as a new version.
TEXT = consents.Text(
    kind=HOUSEHOLD,
    version="2026-11",
    title="家庭信息单独同意书",
    body="""一、我们收集什么：您孩子的年龄段和人数。不收集孩子的姓名、生日、照片或其他信息。
二、为什么需要：为您推荐适合孩子年龄的亲子活动、儿童乐园权益和亲子路线。
三、谁能看到：仅限本集团商场负责会员服务的人员；门店看不到。
四、完全自愿：不同意不影响会员身份、积分和任何已有权益。
五、随时撤回：在「我的资料」中撤回后，家庭信息立即删除。
六、您确认自己是孩子的监护人。未满 14 周岁孩子的信息属于敏感个人信息，我们只在您单独同意后处理。""",
)


def ensure_document(*, now: datetime) -> None:
    """Give a group without a text about households the default one."""
    consents.ensure_text(TEXT, now=now)


def tell(member_id: int, children: Mapping[str, int], *, consent_version: str, channel: str, now: datetime) -> None:
    """Keep how many children of each band there are, under the version of the text agreed to.

    Raises MemberRequired, ConsentOutdated, HouseholdUnlikely.
    """
    if not all(0 <= children[band] <= rules.MOST_CHILDREN for band in rules.BANDS):
        raise HouseholdUnlikely(most=rules.MOST_CHILDREN)
    member = members.lock_joined(member_id)
    consents.give(member.id, kind=HOUSEHOLD, version=consent_version, channel=channel, now=now)
    row = db.session.get(MemberHousehold, member.id) or MemberHousehold(member_id=member.id)
    for band in rules.BANDS:
        setattr(row, band, children[band])
    row.told_at = now
    db.session.add(row)
    db.session.flush()


def withdraw(person_ids: Sequence[int], *, now: datetime) -> None:
    """End the consent of a locked member under all their numbers, and erase what was kept by it."""
    db.session.execute(delete(MemberHousehold).where(MemberHousehold.member_id.in_(person_ids)))
    for person_id in person_ids:
        consents.withdraw(person_id, kind=HOUSEHOLD, now=now)


def carry_over(member_id: int, *, into: int) -> bool:
    """Give a locked survivor the household of who was merged into them, with its consents, if they told none.

    False when nothing was given.
    """
    theirs = db.session.get(MemberHousehold, member_id)
    if theirs is None or db.session.get(MemberHousehold, into) is not None:
        return False
    live = (ConsentRecord.member_id == member_id, ConsentRecord.kind == HOUSEHOLD, ConsentRecord.withdrawn_at.is_(None))
    for given in db.session.scalars(select(ConsentRecord).where(*live)):
        consents.copy(given, to=into)
    children = {band: getattr(theirs, band) for band in rules.BANDS}
    db.session.add(MemberHousehold(member_id=into, told_at=theirs.told_at, **children))
    db.session.flush()
    return True


def is_same(member_id: int, other_id: int) -> bool:
    """Whether both have the same household, told at the same moment: one of them by a merge."""
    one, other = (db.session.get(MemberHousehold, each) for each in (member_id, other_id))
    return one is not None and other is not None and one.told_at == other.told_at
