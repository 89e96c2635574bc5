"""What members agreed to, by version of the text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity import queries
from app.identity.errors import ConsentOutdated
from app.identity.models import ConsentDocument, ConsentRecord
from app.kernel.db import db, table_of
from app.kernel.fastpath.prepared import Prepared

MEMBERSHIP = "membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that members agree to, as a new group starts with it."""

    kind: str
    version: str
    title: str
    body: str


# The text a new group starts with; the group's lawyers put theirs in its place, as a new version.
DEFAULT_VERSION = "2026-11.4"
DEFAULT_TITLE = "会员服务协议与个人信息处理说明"
DEFAULT_BODY = """一、我们收集什么：您的手机号、微信身份标识，以及您在本集团商场的消费、停车与活动记录，自愿填写的资料；
您邀请好友或受邀加入时，还有谁邀请了谁，以及当时所用设备的标识（不可还原的加密摘要）。
二、用来做什么：识别会员身份、累积积分与成长值、发放与核销权益、停车缴费减免，个性化推荐（可在「我的资料」关闭），以及您同意后的提醒；
设备标识只用来核查邀请是否真实（如一台设备多次入会）：受邀加入的 180 天后删除，邀请人的随邀请码保留至注销。
三、谁能看到：仅限履行上述目的所需的商场与门店人员；门店看到的手机号为遮盖后的号码。
四、您的选择：在「我的 - 我的数据」中，您可以随时导出个人信息、退订提醒；退订提醒不影响已获得的积分。
撤回对本说明的同意即注销会员：注销前会告知将失去的积分与优惠券，注销后手机号、微信身份、车牌等个人信息即被删除。
五、保存多久：会员存续期间及法律要求的期限；手机号加密保存。注销后仅保留不含个人信息的交易与结算记录。
为避免重复发放，注销后手机号和微信身份会留下一份不可还原的加密摘要，365 天后删除。
摘要只用来判断是否领过入会礼、首单券、首单加赠积分和新人任务奖励，是否受邀加入过，
近 30 天获商场赠送的券数与积分数，是否欠有积分；
车牌的摘要只用于停车礼；近 90 天小票号的摘要只用于注销后退货时核算所欠积分。
在此期间重新加入，不再发放上述礼遇，也不算好友的新邀请，所欠积分随之恢复。"""
MEMBERSHIP_TEXT = Text(kind=MEMBERSHIP, version=DEFAULT_VERSION, title=DEFAULT_TITLE, body=DEFAULT_BODY)


def ensure_text(text: Text, *, now: datetime) -> None:
    """Give a group without any text of this kind this one."""
    if db.session.scalar(select(ConsentDocument.version).where(ConsentDocument.kind == text.kind).limit(1)) is None:
        add_document(text.kind, text.version, title=text.title, body=text.body, effective_from=now)


def add_document(kind: str, version: str, *, title: str, body: str, effective_from: datetime) -> None:
    """Add a version of a text; from its moment on it is the one asked for."""
    db.session.add(ConsentDocument(kind=kind, version=version, title=title, body=body, effective_from=effective_from))
    db.session.flush()


_GIVE = Prepared(
    insert(table_of(ConsentRecord))
    .values({name: bindparam(name) for name in ("member_id", "kind", "version", "channel", "given_at")})
    .on_conflict_do_nothing()
)


def give(member_id: int, *, kind: str, version: str, channel: str, now: datetime) -> None:
    """Record the member's yes to the version in force; raises ConsentOutdated for any other version."""
    if version != queries.current_version(kind, now=now):
        raise ConsentOutdated(document=kind)
    _GIVE.later({"member_id": member_id, "kind": kind, "version": version, "channel": channel, "given_at": now})


def copy(given: ConsentRecord, *, to: int) -> None:
    """Let a consent hold for the member into whom its giver was merged, too."""
    _GIVE.run(member_id=to, kind=given.kind, version=given.version, channel=given.channel, given_at=given.given_at)


def withdraw(member_id: int, *, kind: str, now: datetime) -> None:
    """End every live consent of a kind; withdrawing twice changes nothing."""
    db.session.execute(
        update(ConsentRecord)
        .where(ConsentRecord.member_id == member_id, ConsentRecord.kind == kind, ConsentRecord.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
