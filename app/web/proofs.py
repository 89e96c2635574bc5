"""Proofs of work as requests carry them: scripts in a header, forms in two fields."""

from flask import request

from app.verification.proofs import Proof

HEADER = "X-Proof"
# Named like secrets, so that a form that was refused does not keep them.
CHALLENGE_FIELD, ANSWER_FIELD = "proof_key", "proof_token"
_MOST = 300


def sent() -> Proof | None:
    """What the request carries, if anything."""
    challenge, _, answer = request.headers.get(HEADER, "").partition(" ")
    if not challenge and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        challenge, answer = request.form.get(CHALLENGE_FIELD, ""), request.form.get(ANSWER_FIELD, "")
    return Proof(challenge, answer) if challenge and len(challenge) <= _MOST else None
