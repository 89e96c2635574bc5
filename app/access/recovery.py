"""A forgotten password, replaced by whoever holds the account's phone.

Nothing done here tells whether a phone has an account: the same is counted, made and answered for any. Only accounts
that work at tills recover like this; who enters the console is given a new password by an administrator.

As signing in, it takes steps: what is counted must survive a refusal, and argon2 holds no transaction open.
"""

from datetime import datetime

from app.access import passwords, staff, staff_queries
from app.access.models import Staff
from app.kernel.security import crypto
from app.kernel.spelling import phones
from app.verification import proofs, sms_codes, sms_limits
from app.verification.errors import SmsCodeInvalid
from app.verification.proofs import Payer, Price, Proof
from app.verification.sms_limits import Spent

PURPOSE = "staff.recovery"
# So many tries behind one address are free.
TRIES_PER_ADDRESS_AND_HOUR = 120


def caller(phone: str) -> str:
    """Whoever sends the form for the phone, as the owner of idempotency keys; raises PhoneInvalid."""
    return f"recovery:{staff_queries.phone_index(phones.normalise_phone(phone))}"


def count_request(phone: str, *, address: str, proof: Proof | None, budget: int, now: datetime) -> Spent:
    """Count that a code is asked for; raises Throttled, ProofRequired, PhoneInvalid. Commit it by itself."""
    index = staff_queries.phone_index(phones.normalise_phone(phone))
    return sms_limits.count(PURPOSE, index, address=address, proof=proof, budget=budget, now=now)


def count_try(phone: str, *, address: str, proof: Proof | None, now: datetime) -> None:
    """Count that a code is tried; raises ProofRequired, PhoneInvalid. Each code besides takes few wrong tries."""
    number = phones.normalise_phone(phone)
    wrong = sms_codes.count_failures(number, now=now, purpose=PURPOSE)
    payer = Payer("recovery_try", address, waits_as=staff_queries.phone_index(number))
    price = Price(f"recovery_try:{crypto.digest(address)}", TRIES_PER_ADDRESS_AND_HOUR, sms_limits.HOUR_S)
    proofs.count([price], payer, proof, at_least=sms_codes.price_of(wrong), now=now)


def issue(phone: str, *, now: datetime) -> tuple[int, str, bool]:
    """Make a code; returns its number, the code, and whether there is anybody to send it to."""
    number = phones.normalise_phone(phone)
    code_id, code = sms_codes.issue(number, purpose=PURPOSE, now=now)
    return code_id, code, _find(number) is not None


def accept(phone: str, code: str, *, now: datetime) -> bool:
    """Whether the code is the one sent to the phone; uses it up or counts the failure, so commit before refusing.

    Of two who bring the same code at once the second waits here, and is told no.
    """
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
