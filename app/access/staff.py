"""Staff: hiring, roles, signing in and out, passwords.

Signing in takes three steps, because the count of attempts must survive a refusal and argon2 is too slow to hold a
transaction open: `count_sign_in` (committed by itself), `check_credentials`, `open_session`.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.access import passwords, staff_queries
from app.access.errors import AccountDisabled, CredentialsWrong, PasswordWrong, StaffNameInvalid, StaffPhoneTaken
from app.access.models import Role, Staff, StaffRole, StaffSession
from app.access.scopes import Place
from app.access.staff_queries import Credentials
from app.kernel.db import add_unless_taken, db
from app.kernel.security import codes, crypto
from app.kernel.spelling import names, phones
from app.kernel.switches import switch
from app.malls import queries as malls
from app.verification import phones as member_phones
from app.verification import proofs, throttle
from app.verification.proofs import Payer, Price, Proof

SESSION_LIFE = timedelta(hours=12)
# A session is renewed when it is older than this, so that most requests write nothing for it.
RENEW_AFTER = timedelta(minutes=30)

# So many tries are free; more cost a proof of work. A whole mall may stand behind one address.
TRIES_PER_PHONE = 8
TRIES_PER_PHONE_AND_DAY = 40
TRIES_PER_ADDRESS = 100
TRY_WINDOW_S = 15 * 60
_DAY_S = 86_400


def hire(*, name: str, phone: str, password: str, now: datetime) -> Staff:
    """Add a member of staff; raises StaffNameInvalid, PhoneInvalid, PasswordWeak, StaffPhoneTaken."""
    number = phones.normalise_phone(phone)
    known_as = names.spell_name(name)
    if not 1 <= len(known_as) <= 40:
        raise StaffNameInvalid
    passwords.ensure_good(password, phone=number)
    person = Staff(
        public_id=codes.new_public_id(),
        name=known_as,
        phone_index=staff_queries.phone_index(number),
        member_index=member_phones.phone_index(number),
        phone_sealed=crypto.seal(number, purpose=staff_queries.PHONE_PURPOSE),
        phone_masked=phones.mask_phone(number),
        password_hash=passwords.hashed(password),
        password_temporary=False,
        active=True,
        created_at=now,
    )
    add_unless_taken(person, "uq_staff_phone_index", StaffPhoneTaken())
    return person


def keep_member_index(staff_id: int, index: str) -> None:
    """Keep the index of the person's phone among members."""
    db.session.execute(update(Staff).where(Staff.id == staff_id).values(member_index=index))


def member_index_of(staff_id: int) -> str:
    """By what a member is found who has the person's phone; kept from now on, if they were hired before it was."""
    person = staff_queries.get_staff(staff_id)
    if person.member_index is None:
        person.member_index = member_phones.phone_index(
            crypto.unseal(person.phone_sealed, purpose=staff_queries.PHONE_PURPOSE)
        )
        db.session.flush()
    return person.member_index


def grant_role(staff_id: int, *, role: Role, place: Place) -> bool:
    """Give a role in a place, once; False for one that is held already.

    A store's mall and merchant are filled in, so that scopes can compare them.
    """
    if place.store_id is not None:
        store = malls.get_store(place.store_id)
        place = Place(mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id)
    given = db.session.execute(
        insert(StaffRole)
        .values(
            staff_id=staff_id,
            role=role.value,
            scope=place.key,
            mall_id=place.mall_id,
            merchant_id=place.merchant_id,
            store_id=place.store_id,
        )
        .on_conflict_do_nothing(index_elements=["staff_id", "role", "scope"])
        .returning(StaffRole.id)
    )
    return given.first() is not None


def revoke_role(staff_id: int, role_id: int) -> None:
    """Take one role back; its permissions end with the person's next request."""
    db.session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id, StaffRole.id == role_id))


def count_sign_in(
    phone: str, *, address: str, now: datetime, device: str | None = None, proof: Proof | None = None
) -> None:
    """Count an attempt; raises ProofRequired when so many came before it that it costs one.

    On a device that the person has signed in with before it counts there alone: what others try elsewhere keeps nobody
    out. Commit it before the password is looked at: a refused sign-in must stay counted.
    """
    account = _phone_bucket(phone)
    if device is not None:
        prices = [Price(_device_bucket(phone, device), TRIES_PER_PHONE, TRY_WINDOW_S)]
    else:
        prices = [
            Price(account, TRIES_PER_PHONE, TRY_WINDOW_S),
            Price(f"{account}:day", TRIES_PER_PHONE_AND_DAY, _DAY_S),
            Price(f"staff_sign_in:address:{crypto.digest(address)}", TRIES_PER_ADDRESS, TRY_WINDOW_S),
        ]
    proofs.count(prices, Payer("staff_sign_in", address, waits_as=account), proof, now=now)


def find_credentials(phone: str) -> Credentials | None:
    """What a sign-in with this phone, as typed, is checked against."""
    number = phones.find_phone(phone)
    return staff_queries.find_credentials(number) if number else None


def check_credentials(found: Credentials | None, password: str) -> Credentials:
    """The credentials if the password is theirs; raises CredentialsWrong, AccountDisabled. Touches no database.

    An unknown phone (None) takes as long as a wrong password.
    """
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise CredentialsWrong
    if not found.active:
        raise AccountDisabled
    return found


def open_session(
    person: Credentials,
    *,
    password: str,
    phone: str,
    portal: str,
    store_id: int | None,
    now: datetime,
    device: str | None = None,
) -> str:
    """Start a session after `check_credentials` and return its token, which is stored nowhere.

    Makes an outdated password hash anew and forgets the phone's attempts. Raises CredentialsWrong or AccountDisabled
    when password or account were changed while the password was being checked.
    """
    current = staff_queries.lock_staff(person.staff_id)
    if current.password_hash != person.password_hash:
        raise CredentialsWrong
    if not current.active:
        raise AccountDisabled
    if passwords.is_outdated(current.password_hash):
        current.password_hash = passwords.hashed(password)
    throttle.forget(_phone_bucket(phone) if device is None else _device_bucket(phone, device))
    token = codes.new_token()
    db.session.add(
        StaffSession(
            staff_id=person.staff_id,
            portal=portal,
            token_digest=crypto.digest(token),
            store_id=store_id,
            created_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    db.session.flush()
    return token


def needs_renewal(expires_at: datetime, *, now: datetime) -> bool:
    """Whether a session has been used long enough to be worth renewing."""
    return expires_at - now < SESSION_LIFE - RENEW_AFTER


def renew_session(session_id: int, *, now: datetime) -> None:
    """Let the session last twelve hours from now, unless it ended meanwhile."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now)
        .values(expires_at=now + SESSION_LIFE)
    )


def stand_in_store(session_id: int, store_id: int) -> None:
    """Let a portal session work in another store; the caller has checked the person's scope."""
    db.session.execute(update(StaffSession).where(StaffSession.id == session_id).values(store_id=store_id))


def close_session(session_id: int, *, now: datetime) -> None:
    """Sign out."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def close_sessions(staff_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of a person, but for one."""
    statement = update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(StaffSession.id != but)
    db.session.execute(statement.values(revoked_at=now))


def count_password_try(staff_id: int, *, now: datetime) -> None:
    """Count a try to change one's own password; raises Throttled (fact retry_after_s).

    Commit it before the present password is looked at: a found browser must not be a place to guess it.
    """
    throttle.count_attempt(_password_bucket(staff_id), limit=TRIES_PER_PHONE, window_s=TRY_WINDOW_S, now=now)


def _password_bucket(staff_id: int) -> str:
    return f"staff_password:{staff_id}"


def change_password(person: Staff, *, present: str, new: str, session_id: int, now: datetime) -> None:
    """Set one's own password and end all other sessions; raises PasswordWrong, PasswordWeak."""
    person = staff_queries.lock_staff(person.id)
    if not passwords.matches(person.password_hash, present):
        raise PasswordWrong
    _set_password(person, new)
    person.password_temporary = False
    db.session.flush()
    close_sessions(person.id, now=now, but=session_id)
    throttle.forget(_password_bucket(person.id))


def reset_password(person: Staff, *, new: str, now: datetime) -> None:
    """Set somebody's password for them, to be replaced by themselves, and end their sessions; raises PasswordWeak."""
    _set_password(person, new)
    mark_temporary(person)
    close_sessions(person.id, now=now)


def take_new_password(person: Staff, hashed: str, *, phone: str, now: datetime) -> None:
    """Give a locked person the password they chose, end all their sessions and forget their failed sign-ins."""
    person.password_hash = hashed
    person.password_temporary = False
    db.session.flush()
    close_sessions(person.id, now=now)
    throttle.forget(_phone_bucket(phone))


def mark_temporary(person: Staff) -> None:
    """Let the present password open nothing but the page that replaces it: somebody else knows it."""
    person.password_temporary = True
    db.session.flush()


def _set_password(person: Staff, password: str) -> None:
    phone = crypto.unseal(person.phone_sealed, purpose=staff_queries.PHONE_PURPOSE)
    passwords.ensure_good(password, phone=phone)
    person.password_hash = passwords.hashed(password)
    db.session.flush()


def switch_off(person: Staff, *, now: datetime) -> bool:
    """Keep a person out from this moment on; their history stays. False when they were kept out already."""
    changed = switch(person, active=False)
    close_sessions(person.id, now=now)
    return changed


def switch_on(person: Staff) -> bool:
    """Let a person in again; False when they were let in already."""
    return switch(person, active=True)


def _device_bucket(phone: str, device: str) -> str:
    return f"{_phone_bucket(phone)}:device:{device}"


def _phone_bucket(phone: str) -> str:
    return f"staff_sign_in:phone:{staff_queries.phone_index(phones.find_phone(phone) or phone.strip()[:40])}"
