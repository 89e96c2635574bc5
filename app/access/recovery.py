"""A forgotten password, replaced by whoever holds the account's phone.

Nothing done here tells whether a phone has an account: the same is counted, made and answered for any. Only accounts
that work at tills recover like this; who enters the console is given a new password by an administrator.

As signing in, it takes steps: what is counted must survive a refusal, and argon2 holds no transaction open.
"""

from datetime import datetime

from app.access import passwords, staff, staff_queries
from app.access.models import Staff
from app.kernel.spelling import phones
from app.verification import sms_codes, throttle
from app.verification.errors import SmsCodeInvalid

PURPOSE = "staff.recovery"
RETRY_AFTER_S = 60
# How many codes a phone is sent in how many seconds, and how many are asked for behind one address.
CODES_PER_PHONE = ((1, RETRY_AFTER_S), (5, 3_600), (10, 86_400))
CODES_PER_ADDRESS_AND_HOUR = 60
TRIES_PER_ADDRESS_AND_HOUR = 120


def count_request(phone: str, *, address: str, now: datetime) -> None:
    """Count that a code is asked for; raises Throttled (fact retry_after_s), PhoneInvalid. Commit it by itself."""
    index = staff_queries.phone_index(phones.normalise_phone(phone))
    throttle.count_attempt(f"recovery:address:{address}", limit=CODES_PER_ADDRESS_AND_HOUR, window_s=3_600, now=now)
    for limit, window_s in CODES_PER_PHONE:
        throttle.count_attempt(f"recovery:{window_s}:{index}", limit=limit, window_s=window_s, now=now)


def count_try(*, address: str, now: datetime) -> None:
    """Count that a code is tried, whosever it is; raises Throttled. Each code besides takes few wrong tries."""
    throttle.count_attempt(f"recovery_try:{address}", limit=TRIES_PER_ADDRESS_AND_HOUR, window_s=3_600, now=now)


def issue(phone: str, *, now: datetime) -> tuple[int, str, bool]:
    """Make a code; returns its number, the code, and whether there is anybody to send it to."""
    number = phones.normalise_phone(phone)
    code_id, code = sms_codes.issue(number, purpose=PURPOSE, now=now)
    return code_id, code, _find(number) is not None


def accept(phone: str, code: str, *, now: datetime) -> bool:
    """Whether the code is the one sent to the phone; uses it up or counts the failure, so commit before refusing."""
    return sms_codes.accept(phones.normalise_phone(phone), code, purpose=PURPOSE, now=now)


def replace_password(phone: str, hashed: str, *, now: datetime) -> Staff:
    """Set the account's password after `accept` and end all its sessions; raises SmsCodeInvalid when it is gone."""
    found = _find(phones.normalise_phone(phone))
    if found is None:
        raise SmsCodeInvalid
    person = staff_queries.lock_staff(found)
    if not person.active:
        raise SmsCodeInvalid
    staff.take_new_password(person, hashed, phone=phone, now=now)
    return person


def ensure_good(phone: str, password: str) -> None:
    """Raises PhoneInvalid, PasswordWeak; asked before the code is used up."""
    passwords.ensure_good(password, phone=phones.normalise_phone(phone))


def _find(number: str) -> int | None:
    """The account, if it is one that recovers by itself."""
    found = staff_queries.find_credentials(number)
    if found is None or not found.active:
        return None
    scope = staff_queries.scope_of(found.staff_id)
    return found.staff_id if scope.has("portal.enter") and not scope.has("console.enter") else None
