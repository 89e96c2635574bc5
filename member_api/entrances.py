"""Entrances as a visitor sees them, and the count of who came through."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.benefits.grants import grants
from app.entrances import scans
from app.identity import consents
from app.identity import queries as identity_queries
from app.invitations import codes
from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as mall_queries
from app.verification import throttle
from app.web import context
from member_api.kit import answers, kit, views

blueprint = kit.make_blueprint("entrances", "Where in the mall a code hangs")

SCENE = validate.Regexp(r"^[A-Za-z0-9_-]{1,32}$")
VISIT_KEY = validate.Regexp(r"^[A-Za-z0-9_-]{8,64}$")
SCANS_PER_MINUTE = 1_200


class ScanRequest(kit.Strict):
    """One opening of the page through an entrance."""

    scene = fields.String(required=True, validate=SCENE)
    visit_key = fields.String(required=True, validate=VISIT_KEY)


@blueprint.get("/entrances/<string:scene>")
@blueprint.response(200, answers.EntranceView)
@blueprint.alt_response(404, schema=kit.ErrorView)
def show(scene: str) -> ResponseReturnValue:
    """What somebody is told before they join; a stopped or unknown code leads to the main entrance."""
    now = clock.now()
    scanned = codes.get_scanned(scene)
    found = scanned.found
    document = identity_queries.current_document(consents.MEMBERSHIP, now=now)
    return jsonify(
        {
            "scene": found.counted.scene if scanned.code is None else scene,
            "name": found.counted.name,
            "kind": found.counted.kind,
            "standing": found.standing,
            "mall": views.mall(mall_queries.get_mall(found.shown.mall_id)),
            "headline": found.shown.headline,
            "invited_by": None if scanned.code is None else views.inviter(scanned.code.member_id),
            "benefits": views.offers(found.shown.mall_id, trigger=grants.JOIN, now=now),
            "consent": {"version": document.version, "title": document.title, "body": document.body},
        }
    )


@blueprint.post("/entrance-scans")
@blueprint.arguments(ScanRequest)
@blueprint.response(202, answers.EmptyView)
@blueprint.alt_response(404, schema=kit.ErrorView)
def scan(scan: dict[str, Any]) -> ResponseReturnValue:
    """Count an opening, also of those who never join; the same visit key counts once."""
    now = clock.now()
    with atomic():
        throttle.count_attempt(f"scan:{context.client_address()}", limit=SCANS_PER_MINUTE, window_s=60, now=now)
    with atomic():
        found = codes.get_scanned(scan["scene"]).found
        scans.record(
            scans.Opening(entrance_id=found.counted.id, visit_key=scan["visit_key"], unknown_scene=found.unknown_scene),
            now=now,
        )
    return jsonify({}), 202
