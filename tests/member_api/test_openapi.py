"""The OpenAPI document is true, and no input that a machine makes up from it is more than the API can refuse."""

from dataclasses import dataclass

import pytest
from flask import Flask, jsonify, request
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.benefits.grants import grants
from app.identity.models import Member
from app.identity.profiles import households
from app.kernel import clock
from tests.builders.benefits import make_campaign
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.parking import PLATE, make_driver, make_ground
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.member_api import document
from tests.support.isolation import Client
from tests.support.member_api import sign_in
from tests.support.platforms import Platforms

EXAMPLES = 8
# How many operations at least are not refused: a run in which nobody is served would prove little.
SERVED = {
    ("nobody", "positive"): 2,
    ("visitor", "positive"): 8,
    ("member", "positive"): 12,
    ("nobody", "negative"): 0,
    ("visitor", "negative"): 0,
    ("member", "negative"): 0,
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@dataclass(frozen=True, slots=True)
class People:
    """Who asks, and the names of things that are there to be asked for."""

    client: Client
    visitor: Member
    driver: Member
    known: dict[str, str]

    def headers(self, who: str) -> dict[str, str]:
        """A session of its own: one of the operations ends the session it is called in."""
        plain = {"Accept-Encoding": "identity"}  # what is made up is judged by its bytes
        if who == "nobody":
            return plain
        person = self.driver if who == "member" else self.visitor
        device = sign_in(self.client, person, channel="mini_program", openid="o-driver")
        return {**plain, "Authorization": f"Bearer {device.token}"}


@pytest.fixture
def people(client: Client) -> People:
    """A mall to join and a member in its car park, with points and a coupon."""
    make_consent_document()
    households.ensure_document(now=clock.now())
    make_newbie_tasks()
    make_tiers()
    ground = make_ground()
    grants.grant_on(ground.mall.id, grants.JOIN, make_campaign(ground.mall, title="餐饮券").id, position=1)
    entrance = make_entrance(ground.mall, is_default=True)
    driver = make_driver(ground, points=700, coupons=(60,))
    ground.comes(minutes_ago=100)
    device = sign_in(client, driver)
    known = {
        "scene": entrance.scene,
        "plate": PLATE,
        "field": "nearby",
        "session_id": device.get("/members/me/parking").get_json()["sessions"][0]["id"],
        "coupon_id": device.get("/members/me/coupons").get_json()["items"][0]["id"],
        "payment_id": "0" * 32,
    }
    return People(client, make_visitor(ground.mall), driver, known)


def operations(schema: BaseSchema) -> list[APIOperation]:
    """Leaving comes last: nobody is there to ask afterwards."""
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) > 20
    return sorted(found, key=lambda operation: operation.path.endswith("/leaving"))


@pytest.mark.xdist_group("made_up")  # what was made up for one of them is there for the others
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
# The member first: the database hears nothing of what nobody asks, and ends who is silent while much is made up.
@pytest.mark.parametrize("who", ["member", "visitor", "nobody"])
def test_what_a_machine_makes_up_is_answered_as_documented(
    openapi: BaseSchema, people: People, platforms: Platforms, who: str, mode: GenerationMode
) -> None:
    answered: list[tuple[str, int]] = []
    for operation in operations(openapi):
        if mode.is_negative and not may_be_broken(operation):
            continue
        names = {parameter.name for parameter in operation.path_parameters}
        known = {name: value for name, value in people.known.items() if name in names}
        ways = [None, known] if known else [None]
        for path_parameters in ways:
            answered += call_with_everything(operation, mode, people.headers(who), path_parameters)
    served = {label for label, status in answered if status < 300}
    assert len(served) >= SERVED[who, mode.value]


def may_be_broken(operation: APIOperation) -> bool:
    """Whether the document forbids anything: an address alone may be any text."""
    return bool(len(operation.body) or len(operation.query) or len(operation.headers))


def call_with_everything(
    operation: APIOperation, mode: GenerationMode, headers: dict[str, str], known: dict[str, str] | None
) -> list[tuple[str, int]]:
    """A few calls that keep to the document, or break it in one place; always the same few. What was answered."""
    answered: list[tuple[str, int]] = []
    for case in made_up(operation, mode, known):
        case.path_parameters = known or case.path_parameters
        answered.append((operation.label, case.call_and_validate(headers=headers, checks=CHECKS).status_code))
    return answered


MADE_UP: dict[tuple[str, GenerationMode, bool], list[Case]] = {}


def made_up(operation: APIOperation, mode: GenerationMode, known: dict[str, str] | None) -> list[Case]:
    """The calls themselves; making them up takes longer than the answers, and they are the same whoever asks."""
    made = MADE_UP.setdefault((operation.label, mode, known is not None), [])

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode, path_parameters=known))
    def keep(case: Case) -> None:
        made.append(case)

    if not made:
        keep()
    return made


def test_every_operation_says_what_it_answers(openapi: BaseSchema) -> None:
    silent = [
        operation.label
        for operation in operations(openapi)
        if not {"200", "201", "202", "204"} & set(operation.definition.raw["responses"])
    ]
    assert silent == []


def test_every_command_names_its_idempotency_key_and_who_may_send_it(openapi: BaseSchema) -> None:
    for operation in operations(openapi):
        if "/members/me" not in operation.path:
            continue
        raw = operation.definition.raw
        assert raw["security"] == [{"token": []}], operation.label
        named = {parameter["name"] for parameter in raw.get("parameters", []) if parameter["in"] == "header"}
        assert named == (set() if operation.method.upper() == "GET" else {"Idempotency-Key"}), operation.label


@pytest.mark.parametrize("body", [{"items": "none"}, {}, {"items": [{"plate": 1, "bound_at": "2026-03-11T02:00:00Z"}]}])
def test_an_answer_that_is_not_as_documented_is_noticed(
    app: Flask, openapi: BaseSchema, body: dict[str, object]
) -> None:
    with app.test_request_context("/api/v1/members/me/plates"):
        assert request.method == "GET"
        assert len(document.faults_of(openapi, jsonify(body))) == 1


def test_the_docs_page_needs_no_network(client: Client) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "http://" not in page.text and "https://" not in page.text
