"""Rules as the JSON that versions and entries keep, and back. Only what was written here is read here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from app.points.earning.acts import ActKind, ActRule, Done, Step
from app.points.earning.extras import KINDS, Extra, Payer
from app.points.earning.rules import Breakdown, Part, Rules

# How fields that are no plain JSON are read; all others are as they were written.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "payer": Payer,
    "first_day": date.fromisoformat,
    "last_day": date.fromisoformat,
    "weekdays": tuple,
    "month_days": tuple,
    "categories": tuple,
    "stores": tuple,
}


def to_document(rules: Rules) -> dict[str, Any]:
    """The rules as JSON."""
    return {
        "mall_rate_bps": rules.mall_rate_bps,
        "category_rates_bps": dict(rules.category_rates_bps),
        "store_rates_bps": dict(rules.store_rates_bps),
        "extras": [extra_document(extra) for extra in rules.extras],
        **({"acts": [_act_rule_document(one) for one in rules.acts]} if rules.acts else {}),
    }


def to_rules(document: Mapping[str, Any]) -> Rules:
    """The rules that a document says."""
    acts = tuple(map(_to_act_rule, document.get("acts", ())))
    return Rules(**{**document, "extras": tuple(map(to_extra, document["extras"])), "acts": acts})


def _act_rule_document(rule: ActRule) -> dict[str, Any]:
    steps = [list(step) for step in rule.steps]
    return {"kind": rule.kind.value, "points": rule.points, "a_day": rule.a_day, "steps": steps}


def _to_act_rule(document: Mapping[str, Any]) -> ActRule:
    steps = tuple(Step(*step) for step in document["steps"])
    return ActRule(**{**document, "kind": ActKind(document["kind"]), "steps": steps})


def extra_document(extra: Extra) -> dict[str, Any]:
    """An extra as JSON."""
    told = {name: _plain(value) for name, value in asdict(extra).items() if name != "brand" or value}
    return {"kind": extra.kind} | told


def to_extra(document: Mapping[str, Any]) -> Extra:
    """The extra that a document says."""
    told = {name: _READ[name](value) if name in _READ else value for name, value in document.items()}
    return KINDS[told.pop("kind")](**told)


def breakdown_document(found: Breakdown) -> dict[str, Any]:
    """Why a purchase earned what it did, as JSON that an entry keeps."""
    parts = [
        {"points": part.points, "payer": part.payer.value}
        | ({} if part.extra is None else {"extra": extra_document(part.extra)})
        for part in found.parts
    ]
    return {"amount_fen": found.amount_fen, "rate_bps": found.rate_bps, "parts": parts}


def act_document(done: Done) -> dict[str, Any]:
    """Why an act earned what it did, as JSON that an entry keeps; the mall pays."""
    told = done._asdict() | {"kind": done.kind.value}
    return {"amount_fen": 0, "rate_bps": 0, "parts": [{"points": done.total, "payer": Payer.MALL.value}], "act": told}


def to_breakdown(document: Mapping[str, Any]) -> Breakdown:
    """What `breakdown_document` or `act_document` wrote."""
    parts = [
        Part(part["points"], Payer(part["payer"]), to_extra(part["extra"]) if "extra" in part else None)
        for part in document["parts"]
    ]
    act = document.get("act")
    done = None if act is None else Done(**{**act, "kind": ActKind(act["kind"])})
    return Breakdown(document["amount_fen"], document["rate_bps"], parts, done)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (tuple, list, set, frozenset)) else value
