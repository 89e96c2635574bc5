"""Groups of members that the demo's large mall works with; the jobs count who is in them, from the first minute on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.identity.profiles.rules import BANDS
from app.kernel.db import atomic
from app.lifecycle.segments import definitions, reading, segments
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.stages.models import Stage
from cli.demo.mall import Built

# By title, as a form would have them.
SEGMENTS: Mapping[str, dict[str, Any]] = {
    "高价值，30 天没来": {
        "all": [
            {"field": "stage", "operator": "any_of", "value": [Stage.HIGH.value]},
            {"field": "last_visit", "operator": "over", "value": 30},
        ]
    },
    "有孩家庭": {"all": [{"field": "children", "operator": "any_of", "value": list(BANDS)}]},
    "快流失的熟客": {
        "all": [
            {"field": "stage", "operator": "any_of", "value": [Stage.WARNING.value, Stage.SLEEPING.value]},
            {"field": "purchases", "operator": "at_least", "value": 3, "days": 365},
        ]
    },
    "30 天内过生日": {"all": [{"field": "birthday", "operator": "coming", "value": 30}]},
    "常领券，没用过": {
        "all": [
            {"field": "coupons_given", "operator": "at_least", "value": 3, "days": 180},
            {"field": "coupons_used", "operator": "at_most", "value": 0, "days": 180},
        ]
    },
}


def make(built: Built, *, now: datetime) -> None:
    """Let the mall's operations staff have made them."""
    mall, person = built.malls["YH"], built.operators["YH"]
    by = segments.Author(staff_id=person.id, name=person.name)
    with atomic():
        for title, root in SEGMENTS.items():
            read = reading.read({"version": definitions.VERSION, "root": root}, all_fields(), mall_id=mall.id)
            segments.create(title, read, mall_id=mall.id, is_nightly=True, by=by, now=now)
