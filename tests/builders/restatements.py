"""A trial of other rules and a look into the past, as every mall's pages show them; nothing of them is counted."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules.rule_sets import DEFAULT
from app.malls.models import Mall
from app.points.earning import documents as earning
from app.points.earning import rule_sets
from app.points.rehearsals.models import EarningRehearsal
from app.tiers.ladders import documents, ladders
from app.tiers.rehearsals.models import TierRehearsal

TRIAL, PAST, LADDER = "trial-of-rules", "look-into-the-past", "trial-of-a-ladder"


def make_restatements(mall: Mall) -> None:
    """Both and one of a ladder, asked in the mall, unless another mall has them."""
    if db.session.scalar(select(func.count()).select_from(Restatement)):
        return
    now = clock.now()
    today, by = clock.business_date(now), Asker(staff_id=1, name="王芳", mall_id=mall.id)
    stricter = questions.about_rules(DEFAULT, replace(DEFAULT, warning_days=60), today=today)
    past = questions.about_past(today - timedelta(days=1), DEFAULT, since=today - timedelta(days=30))
    restatements.ask(Kind.RULES, stricter, by=by, now=now).public_id = TRIAL
    restatements.ask(Kind.PAST, past, by=by, now=now).public_id = PAST
    _make_ladder_trial(mall)
    db.session.flush()


def make_earning_trial(mall: Mall) -> None:
    """The usual rules of earning beside themselves, given up before anything was counted."""
    now, document = clock.now(), earning.to_document(rule_sets.DEFAULT)
    yesterday = clock.business_date(now) - timedelta(days=1)
    db.session.add(
        EarningRehearsal(
            public_id=earning_trial_of(mall),
            mall_id=mall.id,
            old_document=document,
            document=document,
            first_day=yesterday,
            last_day=yesterday,
            bounds=None,
            counted=0,
            result={},
            asked_at=now,
            staff_id=1,
            staff_name="王芳",
            due_at=now,
            attempts=1,
            given_up_at=now,
        )
    )
    db.session.flush()


def earning_trial_of(mall: Mall) -> str:
    """The public id of the mall's."""
    return f"trial-of-earning-{mall.code.lower()}"


def _make_ladder_trial(mall: Mall) -> None:
    """The usual ladder beside itself, wholly counted; whatever ladder the group has."""
    now, document = clock.now(), documents.to_document(ladders.DEFAULT)
    db.session.add(
        TierRehearsal(
            public_id=LADDER,
            mall_id=mall.id,
            old_document=document,
            document=document,
            members=0,
            counted=0,
            reached_id=0,
            result=[],
            asked_at=now,
            staff_id=1,
            staff_name="王芳",
            due_at=now,
            attempts=0,
            done_at=now,
        )
    )
