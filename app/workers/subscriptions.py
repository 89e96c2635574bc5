"""Bringing pushed answers to subscription dialogs into the stock of consents."""

from collections.abc import Mapping
from functools import partial

from app.flows import subscriptions
from app.kernel import clock
from app.kernel.db import atomic
from app.outreach.consents.templates import Template
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.mini import PLATFORM
from app.workers import batches


def take_in_due_answers(template_ids: Mapping[Template, str], *, limit: int = batches.LIMIT) -> int:
    """Bring one batch of pushed answers into the stock; returns how many were tried.

    `template_ids` are the platform's ids of our templates.
    """
    templates = {template_id: template for template, template_id in template_ids.items()}

    def take_in(event: TakenEvent) -> None:
        with atomic():
            note = subscriptions.take_in_answers(event, templates, now=clock.now())
            inbox.finish(event, note=note, now=clock.now())

    return batches.work_off(partial(inbox.claim, PLATFORM), take_in, inbox.postpone, limit=limit)
