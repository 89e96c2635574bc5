"""Starting, refusing to start, and who may speak to the sandbox."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from sandbox.app import create_app, world_of
from sandbox.kit.settings import SettingsError, from_env
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    env = {"PATH": os.environ["PATH"], **environment}
    command = [sys.executable, "-m", "sandbox"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)


def test_it_starts_serves_on_loopback_only_and_stops_on_sigterm(environment: dict[str, str]) -> None:
    process = _start(environment)
    port = int(environment["SANDBOX_PORT"])
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_S).json() == {"ok": True}
                break
            except requests.ConnectionError:
                assert process.poll() is None and time.monotonic() < deadline
        with socket.socket() as other:
            # 127.0.0.2 is loopback too, but not the address it was told to take.
            assert other.connect_ex(("127.0.0.2", port)) != 0
        second = _start({**environment, "SANDBOX_DATA": environment["SANDBOX_DATA"] + "-2"})
        assert "cannot listen" in second.communicate(timeout=PATIENCE_S)[1]
        assert second.returncode == 1
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_it_refuses_production(environment: dict[str, str]) -> None:
    process = _start({**environment, "HUITOU_ENV": "production"})
    assert "production" in process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 2


def test_it_names_what_is_missing(environment: dict[str, str]) -> None:
    del environment["SANDBOX_DATA"]
    with pytest.raises(SettingsError, match="SANDBOX_DATA"):
        from_env(environment)


def test_it_works_without_pay_keys_but_says_so(environment: dict[str, str]) -> None:
    app = create_app(from_env({**environment, "SANDBOX_PAY_PRIVATE_KEY_FILE": ""}))
    answer = app.test_client().post("/v3/pay/transactions/jsapi", json={})
    assert (answer.status_code, answer.get_json()["code"]) == (500, "SYSTEM_ERROR")
    world_of(app).store.close()


def test_unusable_pay_keys_stop_the_start(environment: dict[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no key")
    process = _start({**environment, "SANDBOX_PAY_PRIVATE_KEY_FILE": str(bad)})
    assert "key files" in process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 2


def test_foreign_names_and_foreign_pages_are_kept_out(client: FlaskClient) -> None:
    assert client.get("/phone", headers={"Host": "evil.example"}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/faults", json={"kind": "reset"}, headers=foreign).status_code == 403
    assert client.post("/phone/api/people/p-lin/login-code", headers=foreign).status_code == 403
    own = {"Origin": "http://localhost"}
    assert client.post("/phone/api/people/p-lin/login-code", headers=own).status_code == 201
