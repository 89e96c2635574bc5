"""Every refusal of an outside system in one table: what it means, and why it stands where it stands.

What passes by itself is temporary and answered 503; all else is permanent and answered 4xx, because asking again brings
the same answer until somebody does something. A code that nobody knows is permanent, so that nothing is asked for ever;
where the platform speaks HTTP, its status decides instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MINI, OFFICIAL, WECOM, PAY, SMS, GATE = "mini", "official", "wecom", "pay", "sms", "gate"
_WECHAT = (MINI, OFFICIAL)
_ACCOUNTS = (MINI, OFFICIAL, WECOM)
_MACHINES = (SMS, GATE)

Code = int | str


class Meaning(StrEnum):
    """What a refusal means for whoever asked."""

    TRY_AGAIN = "try_again"  # temporary: the platform asks to come again in a moment
    LATER = "later"  # temporary: a quota or limit, over with its minute or day
    STALE_TOKEN = "stale_token"  # noqa: S105  temporary: a new token mends it
    SPENT_CODE = "spent_code"  # permanent for this one-time code: the person gets a new one
    INPUT = "input"  # permanent: what the person entered cannot be served
    PERSON = "person"  # permanent: the platform does not let this person
    NO_CONSENT = "no_consent"  # permanent: this person has not agreed to messages, or no more
    TOO_LATE = "too_late"  # permanent: the time for it is over
    DONE = "done"  # permanent: it has been done before, or what is there forbids it
    GONE = "gone"  # permanent: the platform has no such thing
    MESSAGE = "message"  # permanent: what we sent is wrong, and stays wrong
    ACCOUNT = "account"  # permanent: our account, key, right or balance there; somebody must mend it


TEMPORARY = frozenset({Meaning.TRY_AGAIN, Meaning.LATER, Meaning.STALE_TOKEN})


@dataclass(frozen=True, slots=True)
class Refusal:
    """One code of one or several platforms, and why it means what it means."""

    platforms: tuple[str, ...]
    code: Code
    meaning: Meaning
    why: str


def _of(platforms: tuple[str, ...], meaning: Meaning, whys: dict[Code, str]) -> Iterable[Refusal]:
    return (Refusal(platforms, code, meaning, why) for code, why in whys.items())


REFUSALS: tuple[Refusal, ...] = (
    # WeChat's mini-program and official account, and WeCom, share what is theirs all.
    *_of(_ACCOUNTS, Meaning.TRY_AGAIN, {-1: "the platform is busy and asks to try again"}),
    *_of(
        _ACCOUNTS,
        Meaning.LATER,
        {45009: "the quota of a day or minute is used up", 45011: "the quota of the minute is used up"},
    ),
    *_of(_ACCOUNTS, Meaning.STALE_TOKEN, {40014: "not the present token", 42001: "the token is over"}),
    *_of(
        _ACCOUNTS,
        Meaning.SPENT_CODE,
        {
            40029: "no such one-time code",
            40163: "the one-time code was used",
            41008: "no one-time code was given",
            42003: "the one-time code is over",
            42022: "the one-time code was used",
        },
    ),
    *_of(
        _ACCOUNTS,
        Meaning.ACCOUNT,
        {
            40013: "no such app or corp",
            41001: "the call carried no token",
            41002: "the call carried no app id",
            41004: "the call carried no secret",
            48001: "the account has no right to this call",
            48002: "the account's right to this call was switched off",
        },
    ),
    *_of(
        _ACCOUNTS,
        Meaning.MESSAGE,
        {
            40037: "no such template",
            44002: "the body is empty",
            47001: "the body is no JSON, or of wrong types",
        },
    ),
    # The mini-program and the official account alone.
    *_of(_WECHAT, Meaning.STALE_TOKEN, {40001: "not the latest token: another process may have got one"}),
    *_of(
        _WECHAT,
        Meaning.PERSON,
        {
            40226: "WeChat lets nobody of high risk sign in",
            50001: "the person has not authorised this",
            50002: "WeChat has restricted the person",
            61010: "the person has not been here for hours",
        },
    ),
    *_of(
        _WECHAT,
        Meaning.NO_CONSENT,
        {
            43004: "the person does not follow the account",
            43101: "the person agreed to no message, or to no more",
            43117: "too many messages to this person",
        },
    ),
    *_of(_WECHAT, Meaning.GONE, {40003: "no such person in this account", 43104: "the person is not of this app"}),
    *_of(
        _WECHAT,
        Meaning.MESSAGE,
        {
            40097: "a parameter is wrong",
            40129: "the scene has characters that are not allowed",
            40169: "the scene is too long",
            41030: "no such page in the published version",
            47003: "a value does not fit its template",
        },
    ),
    *_of(_WECHAT, Meaning.ACCOUNT, {40125: "the secret is wrong", 40164: "our address is not on the account's list"}),
    # WeCom alone.
    *_of(
        (WECOM,),
        Meaning.TRY_AGAIN,
        {45033: "too many calls at once", 41096: "another app is sending to this person just now"},
    ),
    *_of((WECOM,), Meaning.TOO_LATE, {41050: "the greeting's seconds are over"}),
    *_of((WECOM,), Meaning.DONE, {41051: "greeted before, or the two are chatting"}),
    *_of(
        (WECOM,),
        Meaning.GONE,
        {
            40096: "no such contact",
            41044: "no such contact code",
            49008: "the group is dissolved",
            84061: "nobody's contact any more",
        },
    ),
    *_of(
        (WECOM,),
        Meaning.MESSAGE,
        {
            40003: "no such member of staff or contact",
            40007: "no such picture",
            40068: "no such tag",
            41035: "the call names no contact",
            41049: "the call carried no greeting code",
            41064: "too many attachments",
            41065: "an attachment of a wrong kind",
        },
    ),
    *_of(
        (WECOM,),
        Meaning.ACCOUNT,
        {
            40001: "the secret is wrong: WeCom says otherwise for tokens",
            40098: "the member of staff is not verified by name",
            41045: "the corp has as many contact codes as it may have",
            41054: "the member of staff has not activated WeCom",
            41057: "the corp is bound to no developer account",
            50001: "the address is not one of the app's domains",
            50002: "the member of staff is out of the app's reach",
            60011: "the member of staff is out of the app's reach",
            60020: "our address is not on the app's list",
            60111: "no such member of staff",
            84074: "the app has no right to contacts",
        },
    ),
    # WeChat Pay.
    *_of(
        (PAY,),
        Meaning.TRY_AGAIN,
        {
            "SYSTEM_ERROR": "the platform's own trouble",
            "BANK_ERROR": "the bank's own trouble",
            "BIZ_ERR_NEED_RETRY": "the platform asks to try again",
        },
    ),
    *_of(
        (PAY,),
        Meaning.LATER,
        {
            "FREQUENCY_LIMITED": "too many calls",
            "FREQUENCY_LIMIT_EXCEED": "too many calls",
            "RATELIMIT_EXCEEDED": "too many calls",
        },
    ),
    *_of(
        (PAY,),
        Meaning.DONE,
        {
            "ORDERPAID": "the order is paid",
            "ORDER_PAID": "the order is paid",
            "ORDER_CLOSED": "the order is closed",
            "ORDERCLOSED": "the order is closed",
            "OUT_TRADE_NO_USED": "the number belongs to another order",
        },
    ),
    *_of(
        (PAY,),
        Meaning.GONE,
        {
            "ORDER_NOT_EXIST": "no such order",
            "ORDERNOTEXIST": "no such order",
            "RESOURCE_NOT_EXISTS": "no such order or refund",
        },
    ),
    *_of(
        (PAY,),
        Meaning.PERSON,
        {
            "ACCOUNT_ERROR": "the payer's account is in no order",
            "ACCOUNTERROR": "the payer's account is in no order",
            "USER_ACCOUNT_ABNORMAL": "the payer's account is closed: the money needs another way",
            "RULE_LIMIT": "WeChat Pay's rules forbid it for this payer",
            "RULELIMIT": "WeChat Pay's rules forbid it for this payer",
        },
    ),
    *_of(
        (PAY,),
        Meaning.MESSAGE,
        {
            "PARAM_ERROR": "a field is wrong",
            "INVALID_REQUEST": "it does not fit what was asked before",
            "TRADE_ERROR": "the trade cannot be made as asked",
            "OPENID_MISMATCH": "the payer is not of this app",
        },
    ),
    *_of(
        (PAY,),
        Meaning.ACCOUNT,
        {
            "SIGN_ERROR": "our key or its number is wrong",
            "NO_AUTH": "the merchant has no right to this call",
            "NOAUTH": "the merchant has no right to this call",
            "NOT_ENOUGH": "the merchant's balance does not suffice: it must be topped up",
            "MCH_NOT_EXISTS": "no such merchant",
            "MCHID_NOT_EXIST": "no such merchant",
            "APPID_MCHID_NOT_MATCH": "the app is not bound to the merchant",
        },
    ),
    # The SMS provider and the gates.
    *_of(_MACHINES, Meaning.TRY_AGAIN, {"replayed_request": "the nonce was seen: a fresh one passes"}),
    *_of(_MACHINES, Meaning.ACCOUNT, {"bad_signature": "our key is wrong, or a clock", "forbidden": "no such right"}),
    *_of(_MACHINES, Meaning.MESSAGE, {"bad_request": "the message cannot be read"}),
    *_of(
        (SMS,),
        Meaning.LATER,
        {
            "frequency_limited": "too many messages to this phone or in all for now",
            "phone_frequency_limited": "too many messages to this phone for now",
            "phone_daily_limit": "as many messages to this phone as a day allows",
        },
    ),
    *_of(
        (SMS,),
        Meaning.INPUT,
        {
            "phone_invalid": "no such number",
            "phone_unsupported": "no messages to this country or network",
            "phone_out_of_service": "the number is switched off for good, or owes its network",
            "phone_blocked": "the owner of the number wants no messages",
            "blacklisted": "the owner of the number wants no messages",
        },
    ),
    *_of((SMS,), Meaning.MESSAGE, {"template_unknown": "no such template", "params_missing": "a blank was not filled"}),
    *_of(
        (SMS,),
        Meaning.ACCOUNT,
        {"unknown_account": "no such account", "balance_insufficient": "the account must be topped up"},
    ),
    *_of((GATE,), Meaning.GONE, {"session_unknown": "the gate knows no such stay"}),
)

MEANINGS = {(platform, one.code): one.meaning for one in REFUSALS for platform in one.platforms}
# The provider may learn new words about phones; whatever they say, another phone is what helps.
_ABOUT_THE_PHONE = "phone_"
_PASSES = frozenset({408, 425, 429})
_NOT_ALLOWED = frozenset({401, 403})


def meaning_of(platform: str, code: Code, *, status: int = 200) -> Meaning:
    """What a refusal means; `status` is its HTTP status, which decides for codes that the table does not know."""
    known = MEANINGS.get((platform, code))
    if known is not None:
        return known
    if status >= 500 or status in _PASSES:
        return Meaning.LATER
    if platform == SMS and str(code).startswith(_ABOUT_THE_PHONE):
        return Meaning.INPUT
    return Meaning.ACCOUNT if status in _NOT_ALLOWED else Meaning.MESSAGE
