"""Access tokens: who replaces whom, and what a bad one gets."""

from collections.abc import Callable

from flask.testing import FlaskClient

from sandbox.kit.world import World

CLASSIC = "/cgi-bin/token?grant_type=client_credential&appid=wxsandboxmini0001&secret=mini-secret"
STABLE = {"grant_type": "client_credential", "appid": "wxsandboxmini0001", "secret": "mini-secret"}
PATH = "/wxa/business/getuserphonenumber"


def _errcode(client: FlaskClient, access_token: str, path: str = PATH) -> int:
    answer = client.post(f"{path}?access_token={access_token}", json={"code": "x"})
    assert answer.status_code == 200
    return int(answer.get_json()["errcode"])


def test_a_classic_token_replaces_the_one_before_which_lives_five_more_minutes(
    client: FlaskClient, world: World
) -> None:
    first = client.get(CLASSIC).get_json()
    second = client.get(CLASSIC).get_json()
    assert first["access_token"] != second["access_token"]
    assert first["expires_in"] == 7200
    assert "errcode" not in first
    world.clock.offset_s += 299
    assert _errcode(client, first["access_token"]) == 40029
    world.clock.offset_s += 2
    assert _errcode(client, first["access_token"]) == 40001
    assert _errcode(client, second["access_token"]) == 40029


def test_a_stable_token_stays_the_same_until_five_minutes_before_its_end(client: FlaskClient, world: World) -> None:
    first = client.post("/cgi-bin/stable_token", json=STABLE).get_json()
    world.clock.offset_s += 6000
    again = client.post("/cgi-bin/stable_token", json=STABLE).get_json()
    assert again["access_token"] == first["access_token"]
    assert 1190 <= again["expires_in"] <= 1200
    world.clock.offset_s += 950
    renewed = client.post("/cgi-bin/stable_token", json=STABLE).get_json()
    assert renewed["access_token"] != first["access_token"]
    assert _errcode(client, first["access_token"]) == 40029


def test_classic_and_stable_tokens_do_not_disturb_each_other(client: FlaskClient, world: World) -> None:
    stable = client.post("/cgi-bin/stable_token", json=STABLE).get_json()["access_token"]
    client.get(CLASSIC)
    client.get(CLASSIC)
    world.clock.offset_s += 400
    assert _errcode(client, stable) == 40029


def test_force_refresh_kills_the_token_but_not_twice_in_half_a_minute(client: FlaskClient, world: World) -> None:
    first = client.post("/cgi-bin/stable_token", json=STABLE).get_json()["access_token"]
    forced = client.post("/cgi-bin/stable_token", json={**STABLE, "force_refresh": True}).get_json()["access_token"]
    assert _errcode(client, first) == 40001
    too_soon = client.post("/cgi-bin/stable_token", json={**STABLE, "force_refresh": True}).get_json()["access_token"]
    assert too_soon == forced
    world.clock.offset_s += 31
    later = client.post("/cgi-bin/stable_token", json={**STABLE, "force_refresh": True}).get_json()["access_token"]
    assert later != forced


def test_force_refresh_works_twenty_times_a_day(client: FlaskClient, world: World) -> None:
    for _ in range(20):
        world.clock.offset_s += 31
        client.post("/cgi-bin/stable_token", json={**STABLE, "force_refresh": True})
    world.clock.offset_s += 31
    assert client.post("/cgi-bin/stable_token", json={**STABLE, "force_refresh": True}).get_json()["errcode"] == 45009


def test_missing_unknown_expired_and_foreign_tokens(
    client: FlaskClient, world: World, token: Callable[[str], str]
) -> None:
    good = token("mini")
    assert client.post(PATH, json={}).get_json()["errcode"] == 41001
    assert _errcode(client, "nonsense") == 40001
    assert _errcode(client, token("official")) == 40001
    assert _errcode(client, "nonsense", "/cgi-bin/externalcontact/mark_tag") == 40014
    world.clock.offset_s += 7201
    assert _errcode(client, good) == 42001


def test_wrong_credentials(client: FlaskClient) -> None:
    def of(query: str) -> int:
        return int(client.get(f"/cgi-bin/token?grant_type=client_credential{query}").get_json()["errcode"])

    assert of("") == 41002
    assert of("&appid=wxother&secret=mini-secret") == 40013
    assert of("&appid=wxsandboxmini0001&secret=wrong") == 40125
    assert client.get("/cgi-bin/gettoken?corpid=wwsandbox0001&corpsecret=wrong").get_json()["errcode"] == 40001
    assert client.get("/cgi-bin/gettoken?corpid=other&corpsecret=corp-secret").get_json()["errcode"] == 40013


def test_wecom_gives_the_same_token_while_it_lives(world: World, token: Callable[[str], str]) -> None:
    first = token("wecom")
    assert token("wecom") == first
    world.clock.offset_s += 7201
    assert token("wecom") != first


def test_errmsg_carries_a_rid_or_wecoms_hint(client: FlaskClient) -> None:
    assert " rid: " in client.post(PATH, json={}).get_json()["errmsg"]
    errmsg = client.post("/cgi-bin/externalcontact/mark_tag", json={}).get_json()["errmsg"]
    assert "hint: [" in errmsg and "e=41001" in errmsg
