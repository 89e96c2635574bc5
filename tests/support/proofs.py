"""Answering the challenges of refusals, as browsers do."""

from itertools import count

from app.verification.proofs import Proof, is_solved


def solve(challenge: str, bits: int) -> Proof:
    """The challenge with its number."""
    tries = (Proof(challenge, str(number)) for number in count())
    return next(proof for proof in tries if is_solved(proof, bits))


def header(challenge: str, bits: int) -> dict[str, str]:
    """The same as a header."""
    return {"X-Proof": f"{challenge} {solve(challenge, bits).answer}"}
