"""What a new WeCom contact reads: how to join, or where the card is, how points work, what people ask most."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from app.benefits.campaigns.models import Campaign
from app.benefits.grants import grants, offering
from app.contacts.greetings import DueGreeting
from app.entrances import entrances
from app.identity import queries as members
from app.identity.models import IdentityKind
from app.kernel import clock, money
from app.kernel.money import BPS
from app.malls import queries as malls
from app.malls.models import Mall, Store
from app.points.earning import rule_sets
from app.points.earning.rules import Rules
from app.wechat import wecom
from app.wechat.callbacks import inbox
from app.wechat.wecom import LinkCard

MOST_TEXT_BYTES = 4000
_MOST_TITLE_BYTES = 128
_MOST_SUMMARY_BYTES = 512


def compose_greeting(greeting: DueGreeting, *, public_url: str, now: datetime) -> tuple[str, LinkCard]:
    """What a contact who was just added reads: the way into membership, or to the card of a member.

    Whether they are a member is as far as we know by now; the greeting does not wait until WeCom was asked.
    """
    return compose(greeting.scene, is_member=_is_member(greeting), public_url=public_url, now=now)


def _is_member(greeting: DueGreeting) -> bool:
    event = inbox.find_payload(wecom.PLATFORM, fact=greeting.fact)
    external = event.get("external_user_id") if event is not None else None
    member_id = members.find_member_id(IdentityKind.WECOM_EXTERNAL, external) if external else None
    return member_id is not None and members.is_joined(members.get_member(member_id))


def compose(scene: str, *, is_member: bool, public_url: str, now: datetime) -> tuple[str, LinkCard]:
    """The greeting for somebody who came through the entrance with this scene, or through none we know."""
    entrance = entrances.find_by_scene(scene or entrances.DEFAULT_SCENE)
    entrance = entrance or entrances.find_by_scene(entrances.DEFAULT_SCENE)
    mall = malls.get_mall(entrance.mall_id) if entrance else malls.list_malls()[0]
    rules = rule_sets.in_force(mall.id, clock.business_date(now))
    points = points_rule(malls.list_stores(mall_id=mall.id), rules)
    if is_member:
        url = f"{public_url}/h5/"
        return text(mall, _to_card(url), points=points), member_card(mall, url=url)
    gifts = [_gift(campaign) for campaign in offering.list_available(mall.id, trigger=grants.JOIN, now=now)]
    join_url = f"{public_url}/h5/?scene={quote(entrance.scene if entrance else entrances.DEFAULT_SCENE, safe='')}"
    return text(mall, _to_join(gifts, join_url), points=points), join_card(mall, gifts=gifts, join_url=join_url)


def _to_join(gifts: Sequence[str], url: str) -> Sequence[str]:
    gained = f"，立得{_named(gifts)}" if gifts else ""
    # Who joined a moment ago may not be known as a member yet: the sentence is true for both.
    return "【会员】", f"点开下方卡片，授权手机号即可入会{gained}，使用条件见入会页；已是会员的直接打开会员码。", url


def _gift(campaign: Campaign) -> str:
    """What is given, with the sum from which on it counts."""
    least = money.yuan_text(campaign.min_spend_fen).removesuffix(".00")
    return f"{campaign.title}（满 {least} 元可用）" if campaign.min_spend_fen else campaign.title


def _named(gifts: Sequence[str]) -> str:
    return "".join(f"「{title}」" for title in gifts)


def _to_card(url: str) -> Sequence[str]:
    return "【我的会员】", "您已经是我们的会员：点开下方卡片，会员码、积分和优惠券都在里面。", url


def text(mall: Mall, way: Sequence[str], *, points: str) -> str:
    """The greeting's text with the way on (heading, sentence, address), within the platform's limit."""
    lines = (
        f"您好，欢迎来到{mall.name}！我是您的会员顾问，以后停车、积分、优惠都可以问我。",
        "",
        *way,
        "",
        "【积分规则】",
        points,
        "积分可抵停车费、在门店付款，也可兑换优惠券；完成 3 个新人任务，每完成一个立得积分。",
        "",
        "【常见问题】",
        "1. 停车券怎么用？绑定车牌后，缴费时自动推荐最划算的用法。",
        "2. 消费后积分没到账？结账时出示会员码，积分自动到账；忘了出示，可在「积分」页补登小票。",
        "3. 优惠券怎么核销？在「优惠券」里打开券码，出示给店员扫码即可。",
    )
    return _cut("\n".join(lines), MOST_TEXT_BYTES)


def join_card(mall: Mall, *, gifts: Sequence[str], join_url: str) -> LinkCard:
    """The card under the text for somebody who may join, within the platform's limits."""
    summary = f"入会即得{_named(gifts)}" if gifts else "一键入会，停车、积分、优惠都在这里"
    return _card(f"{mall.name} · 会员入会", summary, join_url)


def member_card(mall: Mall, *, url: str) -> LinkCard:
    """The card under the text for a member, within the platform's limits."""
    return _card(f"{mall.name} · 我的会员码", "会员码、积分、优惠券和停车缴费", url)


def _card(title: str, summary: str, url: str) -> LinkCard:
    return LinkCard(title=_cut(title, _MOST_TITLE_BYTES), summary=_cut(summary, _MOST_SUMMARY_BYTES), url=url)


def points_rule(stores: Sequence[Store], rules: Rules) -> str:
    """How many points a yuan gives in these stores, in words."""
    found = (rules.rate_bps(store.code, store.category_code) for store in stores if store.active)
    rates = [rate for rate in found if rate]
    if not rates:
        return "消费积分的规则以各店公示为准。"
    least, most = _points(min(rates)), _points(max(rates))
    if least == most:
        return f"在商场各店消费，每 1 元得 {least} 积分。"
    return f"在商场各店消费，每 1 元得 {least} 至 {most} 积分，按门店而定。"


def _points(rate_bps: int) -> str:
    """A rate in basis points as points per yuan: 10000 is 1, 5000 is 0.5."""
    whole, rest = divmod(rate_bps, BPS)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def _cut(words: str, most_bytes: int) -> str:
    """The words within a number of UTF-8 bytes; a character is never cut in two."""
    return words.encode()[:most_bytes].decode(errors="ignore")
