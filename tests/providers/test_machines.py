"""The SMS provider and the gates, signed, against a live sandbox and its faults."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.errors import PlatformUnavailable
from app.providers.gate import GateClient, PaidStay
from app.providers.machines import MachineRefused
from app.providers.sms import SmsProvider
from tests.support import run
from tests.support.patience import PATIENCE_S
from tests.support.platforms import Platforms

pytestmark = pytest.mark.no_database

PHONE = "13800000001"


@pytest.fixture
def sms(platforms: Platforms) -> Iterator[SmsProvider]:
    """The way to the provider."""
    provider = platforms.sms()
    yield provider
    provider.machines.close()


@pytest.fixture
def gate() -> Iterator[GateClient]:
    """The way to the gates."""
    client = GateClient.from_timeout(PATIENCE_S)
    yield client
    client.machines.close()


def test_a_code_arrives_once_for_its_message(platforms: Platforms, sms: SmsProvider) -> None:
    first = sms.send_sign_in_code(PHONE, "123456", message_id="m1")
    assert sms.send_sign_in_code(PHONE, "123456", message_id="m1") == first
    assert len(platforms.get(f"/phone/api/sms?phone={PHONE}")["items"]) == 1


def test_a_lost_answer_is_asked_for_again_and_sends_one_message(platforms: Platforms, sms: SmsProvider) -> None:
    platforms.fault("reset_after", "sms")
    assert sms.send_sign_in_code(PHONE, "123456", message_id="m1")
    assert len(platforms.get(f"/phone/api/sms?phone={PHONE}")["items"]) == 1


def test_a_provider_in_trouble_is_unavailable(platforms: Platforms, sms: SmsProvider) -> None:
    platforms.fault("http", "sms", value="503", times=None)
    with pytest.raises(PlatformUnavailable):
        sms.send_sign_in_code(PHONE, "123456", message_id="m1")


@pytest.mark.parametrize(("status", "kind"), [("404", "conflict"), ("413", "conflict"), ("429", "busy")])
def test_a_status_that_says_no_is_no_silence(platforms: Platforms, sms: SmsProvider, status: str, kind: str) -> None:
    platforms.fault("http", "sms", value=status, times=None)
    with pytest.raises(MachineRefused) as refused:
        sms.send_sign_in_code(PHONE, "123456", message_id="m1")
    assert (refused.value.reason, refused.value.kind) == (status, kind)


def test_a_provider_that_takes_too_long_is_unavailable(platforms: Platforms, sms: SmsProvider) -> None:
    platforms.fault("latency", "sms", value="2000", times=2)
    hasty = replace(sms, machines=replace(sms.machines, timeout_s=0.2))
    with pytest.raises(PlatformUnavailable):
        hasty.send_sign_in_code(PHONE, "123456", message_id="m1")


def test_a_wrong_number_is_refused_with_its_reason(sms: SmsProvider) -> None:
    with pytest.raises(MachineRefused) as refused:
        sms.send_sign_in_code("12", "123456", message_id="m1")
    assert refused.value.reason == "phone_invalid"


def test_the_code_is_in_no_error(platforms: Platforms, sms: SmsProvider, caplog: pytest.LogCaptureFixture) -> None:
    platforms.fault("reset", "sms", times=None)
    with pytest.raises(PlatformUnavailable) as raised:
        sms.send_sign_in_code(PHONE, "654321", message_id="m1")
    assert "654321" not in f"{caplog.text}{raised.value.facts}"
    assert PHONE not in f"{caplog.text}{raised.value.facts}"


def test_the_gate_is_told_that_a_stay_is_paid(platforms: Platforms, gate: GateClient) -> None:
    secret = run.environment("postgresql:///unused")["SANDBOX_GATE_SECRET"]
    stay = PaidStay(
        message_id="gate-message-1",
        session_id="s1",
        car_park_code=next(iter(platforms.world.settings.car_parks)),
        plate="沪A12345",
        paid_fen=1000,
        waived_fen=500,
        exit_by=clock.now() + timedelta(minutes=15),
    )
    gate.notify_paid(platforms.url, secret, stay)
    gate.notify_paid(platforms.url, secret, stay)
    assert platforms.calls("/gate/v1/paid") == 2
    with pytest.raises(MachineRefused) as refused:
        gate.notify_paid(platforms.url, "wrong", stay)
    assert refused.value.reason == "bad_signature"
