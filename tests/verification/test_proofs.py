"""Proofs of work: what they cost, what counts as one, and the way of those who cannot compute."""

from dataclasses import replace

import pytest

from app.verification import proofs, throttle
from app.verification.errors import ProofRequired
from app.verification.proofs import Payer, Price, Proof
from tests.support.clock import StillClock
from tests.support.proofs import solve

PAYER = Payer("test", "10.0.0.1", waits_as="me")
PRICE = Price("test:bucket", free=2, window_s=600)


def asked(clock: StillClock, proof: Proof | None = None, payer: Payer = PAYER) -> ProofRequired:
    with pytest.raises(ProofRequired) as refused:
        proofs.count([PRICE], payer, proof, now=clock.now)
    return refused.value


def answer_to(refused: ProofRequired) -> Proof:
    return solve(refused.facts["challenge"], refused.facts["bits"])


@pytest.fixture
def used_up(clock: StillClock) -> None:
    """What is free has been tried."""
    for _ in range(PRICE.free):
        proofs.count([PRICE], PAYER, None, now=clock.now)


@pytest.mark.parametrize(("tries", "bits"), [(8, 0), (9, 14), (16, 14), (17, 16), (33, 18), (10**9, 30)])
def test_the_cost_rises_with_every_doubling(tries: int, bits: int) -> None:
    assert proofs.bits_for(tries, free=8) == bits


def test_waiting_has_an_end_within_the_life_of_a_challenge() -> None:
    assert [proofs.wait_for(bits) for bits in (14, 16, 18, 30)] == [30, 60, 120, 480]
    assert proofs.MOST_WAIT_S < proofs.LIFETIME_S


@pytest.mark.usefixtures("used_up")
def test_a_proof_lets_one_try_through_and_is_used_up(clock: StillClock) -> None:
    proof = answer_to(asked(clock))
    proofs.count([PRICE], PAYER, proof, now=clock.now)
    again = asked(clock, proof)
    assert again.facts["challenge"] != proof.challenge
    assert throttle.count_tries(PRICE.bucket, window_s=600, now=clock.now) == 3  # refused ones are not counted


@pytest.mark.usefixtures("used_up")
def test_only_a_whole_fresh_answer_to_our_own_challenge_counts(clock: StillClock) -> None:
    proof = answer_to(asked(clock))
    for wrong in ("", "x", "-1", "٣", "9" * 13):
        asked(clock, replace(proof, answer=wrong))
    body, _, digest = proof.challenge.rpartition(".")
    for forged in (f"1{body}.{digest}", f"{body}.{'0' * 32}", "no", "..", "\ud800"):
        asked(clock, Proof(forged, proof.answer))
    asked(clock, proof, payer=replace(PAYER, address="10.0.0.2"))
    asked(clock, proof, payer=replace(PAYER, action="other"))
    clock.advance(minutes=10)
    with pytest.raises(ProofRequired):
        proofs.ensure(14, PAYER, proof, now=clock.now)


def test_a_cheap_proof_does_not_pay_for_a_dear_try(clock: StillClock) -> None:
    with pytest.raises(ProofRequired) as cheap:
        proofs.ensure(14, PAYER, None, now=clock.now)
    with pytest.raises(ProofRequired) as dear:
        proofs.ensure(16, PAYER, answer_to(cheap.value), now=clock.now)
    assert dear.value.facts["bits"] == 16


@pytest.mark.usefixtures("used_up")
def test_who_cannot_compute_waits_and_nobody_waits_for_many(clock: StillClock) -> None:
    first, second = asked(clock), asked(clock)
    waited = [Proof(refused.facts["challenge"]) for refused in (first, second)]
    clock.advance(seconds=first.facts["retry_after_s"] - 1)
    asked(clock, waited[0])
    clock.advance(seconds=1)
    proofs.count([PRICE], PAYER, waited[0], now=clock.now)
    asked(clock, waited[1])
