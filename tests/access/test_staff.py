"""Hiring, passwords, sessions: who gets in, for how long, and what ends it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.access import passwords, staff, staff_queries
from app.access.errors import (
    AccountDisabled,
    CredentialsWrong,
    PasswordWeak,
    PasswordWrong,
    StaffNameInvalid,
    StaffPhoneTaken,
)
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Throttled
from app.kernel.settings import Settings
from app.kernel.spelling.errors import PhoneInvalid
from app.verification.errors import ProofRequired
from tests.builders.malls import make_store
from tests.builders.staff import PASSWORD, make_clerk, make_staff, new_phone, phone_of
from tests.support.clock import StillClock
from tests.support.proofs import solve

CountStatements = Callable[[], AbstractContextManager[list[str]]]


def signed_in(person: Staff, *, portal: str = "portal", store_id: int | None = None) -> str:
    """A session's token, as signing in rightly gives it."""
    phone = phone_of(person)
    found = staff.check_credentials(staff.find_credentials(phone), PASSWORD)
    return staff.open_session(found, password=PASSWORD, phone=phone, portal=portal, store_id=store_id, now=clock.now())


def find(token: str, portal: str = "portal") -> staff_queries.SignedIn | None:
    return staff_queries.find_signed_in(token, portal=portal, now=clock.now())


def test_a_phone_is_kept_sealed_and_masked_only() -> None:
    person = make_staff(phone="13812345678")
    assert person.phone_masked == "138****5678"
    assert b"13812345678" not in person.phone_sealed
    assert "13812345678" not in person.phone_index


@pytest.mark.parametrize("password", ["short1", "onlyletters", "1234567890", "x" * 129 + "1"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordWeak):
        staff.hire(name="王芳", phone=new_phone(), password=password, now=clock.now())


def test_a_password_may_not_hold_the_phone() -> None:
    with pytest.raises(PasswordWeak):
        staff.hire(name="王芳", phone="13812345678", password="a13812345678", now=clock.now())


def test_hiring_wants_a_name_and_a_phone() -> None:
    with pytest.raises(StaffNameInvalid):
        staff.hire(name="  ", phone=new_phone(), password=PASSWORD, now=clock.now())
    with pytest.raises(PhoneInvalid):
        staff.hire(name="王芳", phone="12345", password=PASSWORD, now=clock.now())


def test_one_phone_is_one_account() -> None:
    make_staff(phone="13812345678")
    with pytest.raises(StaffPhoneTaken):
        make_staff(phone="+86 138 1234 5678")


def test_wrong_password_unknown_phone_and_nonsense_are_told_the_same() -> None:
    person = make_staff()
    for phone, password in [(phone_of(person), "wrong-pass-1"), (new_phone(), PASSWORD), ("not a phone", PASSWORD)]:
        with pytest.raises(CredentialsWrong):
            staff.check_credentials(staff.find_credentials(phone), password)


def test_a_disabled_account_is_told_so_only_with_the_right_password() -> None:
    person = make_staff()
    staff.switch_off(person, now=clock.now())
    found = staff.find_credentials(phone_of(person))
    with pytest.raises(AccountDisabled):
        staff.check_credentials(found, PASSWORD)
    with pytest.raises(CredentialsWrong):
        staff.check_credentials(found, "wrong-pass-1")


def test_an_outdated_hash_is_made_anew_at_sign_in() -> None:
    person = make_staff(Role.AUDITOR)
    person.password_hash = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.session.flush()
    signed_in(person, portal="console")
    db.session.refresh(person)
    assert not passwords.is_outdated(person.password_hash)
    assert passwords.matches(person.password_hash, PASSWORD)


@pytest.mark.parametrize("environment", ["production", "development"])
def test_only_a_test_run_hashes_cheaply(settings: Settings, environment: str) -> None:
    cheap = passwords.hashed(PASSWORD)
    passwords.configure(replace(settings, environment=environment))
    try:
        assert extract_parameters(passwords.hashed(PASSWORD)) == extract_parameters(PasswordHasher().hash(PASSWORD))
        assert passwords.is_outdated(cheap)
    finally:
        passwords.configure(settings)
    assert not passwords.is_outdated(cheap)


def test_attempts_are_throttled_per_phone_and_forgotten_after_success(clock: StillClock) -> None:
    person = make_staff(Role.AUDITOR)
    phone = phone_of(person)
    for _ in range(staff.TRIES_PER_PHONE):
        staff.count_sign_in(phone, address="10.0.0.1", now=clock.now)
    with pytest.raises(Throttled) as refused:
        staff.count_sign_in(phone, address="10.0.0.2", now=clock.now)
    assert 0 < refused.value.facts["retry_after_s"] <= staff.TRY_WINDOW_S + 1
    signed_in(person, portal="console")
    staff.count_sign_in(phone, address="10.0.0.1", now=clock.now)


def test_attempts_are_throttled_per_address_over_many_phones(clock: StillClock) -> None:
    for _ in range(staff.TRIES_PER_ADDRESS):
        staff.count_sign_in(new_phone(), address="10.0.0.9", now=clock.now)
    with pytest.raises(Throttled):
        staff.count_sign_in(new_phone(), address="10.0.0.9", now=clock.now)
    staff.count_sign_in(new_phone(), address="10.0.0.10", now=clock.now)


def test_what_others_try_costs_a_known_device_nothing(clock: StillClock) -> None:
    phone = phone_of(make_staff(Role.AUDITOR))
    for number in range(staff.TRIES_PER_PHONE):
        staff.count_sign_in(phone, address=f"10.0.1.{number}", now=clock.now)
    for _ in range(staff.TRIES_PER_ADDRESS):
        staff.count_sign_in(new_phone(), address="10.0.0.9", now=clock.now)
    for _ in range(staff.TRIES_PER_PHONE):
        staff.count_sign_in(phone, address="10.0.0.9", device="till", now=clock.now)
    with pytest.raises(ProofRequired):  # its own tries count
        staff.count_sign_in(phone, address="10.0.0.9", device="till", now=clock.now)


def test_an_unknown_device_pays_and_is_never_shut_out(clock: StillClock) -> None:
    phone = phone_of(make_staff(Role.AUDITOR))
    for _ in range(staff.TRIES_PER_PHONE):
        staff.count_sign_in(phone, address="10.0.0.1", now=clock.now)
    for _ in range(3):
        with pytest.raises(ProofRequired) as refused:
            staff.count_sign_in(phone, address="10.0.0.2", now=clock.now)
        proof = solve(refused.value.facts["challenge"], refused.value.facts["bits"])
        staff.count_sign_in(phone, address="10.0.0.2", proof=proof, now=clock.now)


def test_a_session_is_known_by_its_token_on_its_face_only() -> None:
    person = make_staff(Role.AUDITOR)
    token = signed_in(person, portal="console")
    found = find(token, "console")
    assert found is not None and found.staff_id == person.id
    assert find(token, "portal") is None
    assert find(token + "x", "console") is None


def test_a_session_lasts_twelve_hours_after_its_last_renewal(clock: StillClock) -> None:
    token = signed_in(make_staff(Role.AUDITOR), portal="console")
    first = find(token, "console")
    assert first is not None and not staff.needs_renewal(first.expires_at, now=clock.now)
    clock.advance(hours=11)
    assert staff.needs_renewal(first.expires_at, now=clock.now)
    staff.renew_session(first.session_id, now=clock.now)
    clock.advance(hours=11)
    assert find(token, "console") is not None
    clock.advance(hours=1, seconds=1)
    assert find(token, "console") is None


def test_renewing_does_not_wake_a_session_that_has_ended(clock: StillClock) -> None:
    token = signed_in(make_staff(Role.AUDITOR), portal="console")
    found = find(token, "console")
    assert found is not None
    staff.close_session(found.session_id, now=clock.now)
    staff.renew_session(found.session_id, now=clock.now)
    assert find(token, "console") is None


def test_switching_off_ends_every_session_at_once() -> None:
    store = make_store()
    clerk = make_clerk(store)
    tokens = [signed_in(clerk, store_id=store.id) for _ in range(2)]
    staff.switch_off(clerk, now=clock.now())
    assert [find(token) for token in tokens] == [None, None]
    staff.switch_on(clerk)
    assert find(signed_in(clerk, store_id=store.id)) is not None


def test_changing_the_password_ends_the_other_sessions() -> None:
    person = make_staff(Role.AUDITOR)
    here, elsewhere = signed_in(person, portal="console"), signed_in(person, portal="console")
    mine = find(here, "console")
    assert mine is not None
    with pytest.raises(PasswordWrong):
        staff.change_password(person, present="wrong", new="new-pass-99", session_id=mine.session_id, now=clock.now())
    staff.change_password(person, present=PASSWORD, new="new-pass-99", session_id=mine.session_id, now=clock.now())
    assert find(here, "console") is not None
    assert find(elsewhere, "console") is None
    with pytest.raises(CredentialsWrong):
        staff.check_credentials(staff.find_credentials(phone_of(person)), PASSWORD)


def test_a_role_given_twice_is_one_role_and_knows_its_store_whole() -> None:
    store = make_store()
    clerk = make_clerk(store)
    staff.grant_role(clerk.id, role=Role.CLERK, place=Place(store_id=store.id))
    [grant] = staff_queries.scope_of(clerk.id).grants
    assert grant.place == Place(mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id)


def test_a_store_outside_the_scope_is_not_stood_in() -> None:
    own, foreign = make_store(), make_store()
    found = find(signed_in(make_clerk(own), store_id=foreign.id))
    assert found is not None and found.stand is None


def test_the_session_check_is_one_statement_however_many_roles(count_statements: CountStatements) -> None:
    store = make_store()
    clerk = make_clerk(store)
    for _ in range(3):
        staff.grant_role(clerk.id, role=Role.CLERK, place=Place(store_id=make_store().id))
    token = signed_in(clerk, store_id=store.id)
    with count_statements() as seen:
        found = find(token)
    assert len(seen) == 1
    assert found is not None and found.stand is not None and found.stand.store_id == store.id
    assert len(found.scope.grants) == 4


def test_no_session_for_a_password_or_account_that_changed_while_it_was_checked() -> None:
    person = make_staff()
    phone = phone_of(person)
    checked = staff.check_credentials(staff.find_credentials(phone), PASSWORD)
    staff.switch_off(person, now=clock.now())
    with pytest.raises(AccountDisabled):
        staff.open_session(checked, password=PASSWORD, phone=phone, portal="portal", store_id=None, now=clock.now())
    staff.reset_password(person, new="newer-pass-1", now=clock.now())
    with pytest.raises(CredentialsWrong):
        staff.open_session(checked, password=PASSWORD, phone=phone, portal="portal", store_id=None, now=clock.now())
