"""The three newbie tasks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.benefits.coupons import queries as benefit_queries
from app.benefits.grants import grants
from app.flows import newbie_tasks
from app.flows.newbie_tasks import TaskOutcome
from app.identity import preferences
from app.kernel import clock
from app.outreach.consents import facts
from app.outreach.consents.templates import REMINDERS
from app.points.ledger import queries as points_queries
from app.tasks import newbie
from app.tasks.models import NewbieTask, TaskCompletion
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit, subscribing, views

blueprint = kit.make_blueprint("tasks", "What a new member does first")


class PreferencesRequest(kit.Strict):
    """What the member likes."""

    categories = fields.List(
        fields.String(validate=validate.OneOf(list(preferences.CATEGORIES))),
        required=True,
        validate=validate.Length(1, len(preferences.CATEGORIES)),
    )


class ClaimRequest(kit.Strict):
    """Which of the offered coupons."""

    campaign = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{32}$"))


class SubscribeRequest(kit.Strict):
    """The answers of WeChat's subscribe dialog."""

    results = fields.Dict(
        keys=fields.String(validate=validate.OneOf([template.value for template in REMINDERS])),
        values=fields.String(validate=validate.OneOf(["accept", "reject"])),
        required=True,
        validate=validate.Length(1, len(REMINDERS)),
    )


@blueprint.get("/members/me/tasks")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.TaskListView)
@member_auth.member_required
def list_mine(caller: Caller) -> ResponseReturnValue:
    """The three tasks, what is done, and what each needs."""
    completions = newbie.list_completions(caller.member.id)
    items = [
        {**_task(task, completions.get(task.code)), "options": _options(task.code, caller.member.home_mall_id)}
        for task in newbie.list_tasks()
    ]
    return jsonify({"done": len(completions), "total": len(items), "items": items})


def _task(task: NewbieTask, completion: TaskCompletion | None) -> dict[str, Any]:
    return {
        "code": task.code,
        "title": task.title,
        "summary": task.summary,
        "reward_points": task.reward_points,
        "done": completion is not None,
        "done_at": views.moment(completion.completed_at) if completion else None,
    }


def _options(task_code: str, mall_id: int) -> list[dict[str, Any]]:
    if task_code == newbie.PREFERENCES:
        return [{"code": code, "name": name} for code, name in preferences.CATEGORIES.items()]
    if task_code == newbie.FIRST_ORDER_COUPON:
        return views.offers(mall_id, trigger=grants.FIRST_ORDER_TASK, now=clock.now())
    return [subscribing.option(one) for one in REMINDERS]


@blueprint.post("/members/me/tasks/preferences/complete")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(PreferencesRequest)
@blueprint.response(200, answers.TaskDoneView)
@member_auth.member_required
def tell_preferences(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Task 1: what the member likes."""
    return _complete(
        caller,
        told,
        lambda now: newbie_tasks.tell_preferences(caller.member.id, categories=told["categories"], now=now),
    )


@blueprint.post("/members/me/tasks/first_order_coupon/complete")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(ClaimRequest)
@blueprint.response(200, answers.TaskDoneView)
@member_auth.member_required
def claim_coupon(caller: Caller, wish: dict[str, Any]) -> ResponseReturnValue:
    """Task 2: claim the first-order coupon."""
    return _complete(
        caller,
        wish,
        lambda now: newbie_tasks.claim_first_order_coupon(
            caller.member.id, campaign_public_id=wish["campaign"], now=now
        ),
    )


@blueprint.post("/members/me/tasks/subscribe/complete")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(SubscribeRequest)
@blueprint.response(200, answers.TaskDoneView)
@member_auth.member_required
def subscribe(caller: Caller, answers: dict[str, Any]) -> ResponseReturnValue:
    """Task 3: allow reminders."""
    fact = facts.task_dialog(commands.idempotency_key())
    return _complete(
        caller,
        answers,
        lambda now: newbie_tasks.subscribe_to_reminders(
            caller.member.id, results=answers["results"], fact=fact, now=now
        ),
    )


def _complete(
    caller: Caller, payload: dict[str, Any], finish: Callable[[datetime], TaskOutcome]
) -> ResponseReturnValue:
    """Run one task's flow as a command and tell what it gave."""

    def act() -> commands.Answer:
        now = clock.now()
        outcome = finish(now)
        completion = newbie.list_completions(caller.member.id)[outcome.task.code]
        rows = benefit_queries.list_with_campaigns([caller.member.id], [coupon.id for coupon in outcome.granted])
        return 200, {
            "task": _task(outcome.task, completion),
            "points_awarded": outcome.points_awarded,
            "points": points_queries.get_balance(caller.member.id, now=now).available_points,
            "granted": views.coupons(rows, now=now),
        }

    return commands.run_once(caller.name, payload, act)
