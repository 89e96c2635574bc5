"""What a member told of themselves, on their page: in full for who may read it, else that it was told."""

from app.identity import preferences
from app.identity.models import Member
from app.identity.profiles import queries, wording
from app.identity.profiles.queries import Household, Profile
from app.identity.profiles.rules import Birthday
from app.identity.queries import NAME_PURPOSE
from app.kernel.security import crypto
from app.kernel.spelling.names import mask_name
from app.web import filters
from mall_console.kit.workspace import Workspace

PERMISSION = "member.profile"
_TOLD, _UNTOLD = "已填写", "未填写"


def read(workspace: Workspace, member_id: int) -> list[tuple[str, str]]:
    """Labels and values; birthday and household in full only for who may read profiles."""
    profile = queries.get_profile(member_id)
    may_read = workspace.can(PERMISSION)
    return [
        ("完整度", f"{profile.completeness_bps // 100}%"),
        ("喜好", "、".join(preferences.CATEGORIES[code] for code in profile.preferences) or _UNTOLD),
        ("生日", _UNTOLD if profile.birthday is None else _birthday(profile.birthday) if may_read else _TOLD),
        ("住处与公司", wording.NEARBY[profile.nearby] if profile.nearby else _UNTOLD),
        ("家庭", _UNTOLD if profile.household is None else _household(profile.household) if may_read else _TOLD),
        ("个性化分析", _profiling(profile)),
    ]


def read_name(member: Member) -> str:
    """The name as pages show it: its first character; empty where none is known."""
    sealed = member.name_sealed
    return "" if sealed is None else mask_name(crypto.unseal(sealed, purpose=NAME_PURPOSE))


def _birthday(birthday: Birthday) -> str:
    day = f"{birthday.month:02d}-{birthday.day:02d}"
    return day if birthday.year is None else f"{birthday.year}-{day}"


def _household(household: Household) -> str:
    counts = [f"{wording.BANDS[band]} {count} 个" for band, count in household.children.items() if count]
    return "、".join(counts) or "没有 18 岁以下的孩子"


def _profiling(profile: Profile) -> str:
    off_at = profile.profiling_off_at
    return "打开" if off_at is None else f"会员于 {filters.local_time(off_at, '%Y-%m-%d')} 关闭"
