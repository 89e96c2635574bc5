"""Cash that a member pays through WeChat: who pays, and asking WeChat Pay for it."""

from app.payments import rules
from app.payments.orders import Payer
from app.web import context
from app.web.member_auth import Caller
from app.workers import payments


def payer_of(caller: Caller) -> Payer | None:
    """The caller as WeChat knows them in the app they signed in with; None outside WeChat."""
    apps = {
        "mini_program": context.settings().wechat.mini_appid,
        "official_account": context.settings().wechat.oa_appid,
    }
    appid = apps.get(caller.channel)
    return None if appid is None or caller.openid is None else Payer(appid=appid, openid=caller.openid)


def place_order(member_id: int, *, purpose: str, reference: str) -> None:
    """Ask WeChat Pay for the cash of this one thing, if it needs any and it has not been asked."""
    payments.place_order(
        context.gateway().pay,
        member_id,
        purpose=purpose,
        reference=reference,
        notify_url=f"{context.settings().public_url}{rules.NOTICE_PATH}",
    )
