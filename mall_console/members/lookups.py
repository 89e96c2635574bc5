"""Members by their whole phone, card number or plate, or by the code on their phone."""

from collections.abc import Sequence

from app.identity import member_search, queries
from app.identity.codes import member_codes
from app.identity.errors import MemberCodeInvalid
from app.identity.models import Member
from mall_console.kit.lookups import Finder, Hit, Reach
from mall_console.members import seen
from mall_console.members.member_list import STATUSES


def _find(reach: Reach, typed: str) -> Sequence[Hit]:
    member = _whose(typed)
    mall = next((mall for mall in reach.malls.values() if member and seen.is_seen_in(mall.id, member)), None)
    if member is None or mall is None:
        return ()
    name, path = member.phone_masked or "无手机号", f"/members/{member.public_id}"
    told = STATUSES[member.status][0]
    return [Hit(name=name, told=told, mall=mall, path=path, subject=f"member:{member.id}")]


def _whose(typed: str) -> Member | None:
    if member_codes.looks_like_one(typed):
        try:
            return member_codes.find_holder(typed)
        except MemberCodeInvalid:
            return None
    member_id = member_search.find(typed).member_id
    return None if member_id is None else queries.get_member(member_id)


LOOKUPS = (
    Finder(
        code="member",
        what="会员",
        by="手机号、会员卡号、车牌，或会员出示的会员码",
        permission="member.view",
        find=_find,
    ),
)
