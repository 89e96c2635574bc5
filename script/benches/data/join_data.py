"""What the join bench stands on: one mall whose entrance grants a parking and a dining coupon."""

from collections.abc import Mapping

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.benefits.grants import grants
from app.entrances import entrances
from app.flows import opening
from app.identity import consents
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.settings import Settings
from wsgi import create_app

CONSENT_VERSION = consents.DEFAULT_VERSION
GRANTED = 2
PARKING = Offer(title="Parking", summary="", kind=CampaignKind.PARKING, parking_minutes=120, valid_days=7)
DINING = Offer(title="Dining", summary="", kind=CampaignKind.CASH, face_fen=1_000, valid_days=7, mall_share_bps=6_000)


def fill(environment: Mapping[str, str]) -> str:
    """Open the mall with what joining grants; returns the scene of its entrance."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        with atomic():
            now = clock.now()
            mall = opening.open_mall("BENCH", name="Bench", city="-", created_by="bench", now=now)
            for position, offer in enumerate((PARKING, DINING), start=1):
                campaign = campaigns.create(mall.id, f"join-{position}", offer, store_ids=None, now=now)
                grants.grant_on(mall.id, grants.JOIN, campaign.id, position=position)
            scene = entrances.get_scanned(entrances.DEFAULT_SCENE).counted.scene
        db.session.remove()
        db.engine.dispose()
    return scene
