"""The whole way of a reminder: a coupon, the two jobs in their process, the phone."""

import threading
from dataclasses import replace

from flask import Flask

from app.kernel.db import atomic
from jobs.kit import Batch, Job
from jobs.process import Process
from jobs.schedule import find_job
from jobs.tools import Tools
from tests.builders.identity import make_member
from tests.builders.outreach import allow, make_expiring_coupon
from tests.outreach.conftest import Phone
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S


def until(name: str, happened: threading.Event, phone: Phone) -> Job:
    """The job of that name, which says when the phone has a message."""
    job = find_job(name)
    assert job is not None

    def run(tools: Tools) -> Batch:
        batch = job.run(tools)
        if phone.messages():
            happened.set()
        return batch

    return replace(job, run=run)


def test_a_coupon_about_to_expire_is_mentioned_on_the_phone(
    committed_app: Flask, clock: StillClock, phone: Phone
) -> None:
    with atomic():
        member = make_member(openid=phone.openid)
        make_expiring_coupon(member, title="2小时停车券")
        allow(member)
    phone.allow()
    planning, arrived = find_job("plan_coupon_reminders"), threading.Event()
    assert planning is not None
    sending = until("send_messages", arrived, phone)
    tools = Tools(phone.platforms.settings, phone.gateway, committed_app.extensions["huitou.gate"])
    process = Process(committed_app, tools, (replace(planning, trigger=sending.trigger), sending))
    thread = threading.Thread(target=process.run)
    thread.start()
    try:
        assert arrived.wait(PATIENCE_S)
    finally:
        process.stop()
        thread.join(PATIENCE_S)
    [shown] = phone.messages()
    assert shown["lines"][0]["value"] == "2小时停车券"
