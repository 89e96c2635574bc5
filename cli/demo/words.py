"""What staff of the demo's large mall call some of its members, beside the tags that follow from what these do."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select

from app.identity.models import Member, MemberStatus
from app.kernel.db import atomic, db
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand.manual_tags import Giver
from cli.demo.mall import Built


class Word(NamedTuple):
    """A word, what it means, why it was put to a member, and to how many."""

    name: str
    meaning: str
    why: str
    members: int


WORDS = (
    Word("团购群主", "常组织邻居、同事一起买，拼团和多人套餐可以先问", "在服务台问过多人套餐", 4),
    Word("爱宠人士", "家里养猫或狗，宠物友好活动可以邀请", "带狗来过露台", 3),
    Word("公司采购", "替公司订下午茶、礼品，需要开票", "开过公司抬头的发票", 2),
)


def give(built: Built, *, now: datetime) -> None:
    """Put the words to members who joined first, each member one."""
    mall, person = built.malls["YH"], built.operators["YH"]
    by = Giver(staff_id=person.id, name=person.name, mall_id=mall.id)
    with atomic():
        members = iter(_first_of(mall.id, sum(word.members for word in WORDS)))
        for word in WORDS:
            for member_id in islice(members, word.members):
                given = manual_tags.give(member_id, word.name, by, note=word.why, now=now)
                if given is not None:
                    manual_tags.change(given.tag_id, mall_id=mall.id, name=word.name, note=word.meaning)


def _first_of(mall_id: int, count: int) -> Sequence[int]:
    is_here = (Member.home_mall_id == mall_id, Member.status == MemberStatus.MEMBER.value)
    return db.session.scalars(select(Member.id).where(*is_here).order_by(Member.id).limit(count)).all()
