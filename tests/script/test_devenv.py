"""Development secrets: made once, private, complete for both sides of every wire."""

import base64
import re
import stat
from pathlib import Path

import pytest

from app.kernel.settings import Settings
from sandbox.kit.settings import from_env
from script.supervisor import devenv

ROOT = Path(__file__).resolve().parents[2]


def environment(folder):
    return {
        **devenv.load_or_make(folder),
        **devenv.addresses(8000, 8001),
        "DATABASE_URL": "postgresql://x@127.0.0.1/x",
        "SANDBOX_DATA": str(folder / "sandbox"),
    }


def test_secrets_are_made_once(tmp_path):
    first = devenv.load_or_make(tmp_path)

    assert devenv.load_or_make(tmp_path) == first


def test_two_machines_share_no_secret(tmp_path):
    one, other = devenv.load_or_make(tmp_path / "one"), devenv.load_or_make(tmp_path / "other")

    assert {name for name in devenv.made_secrets() if one[name] == other[name]} == set()


def test_a_setting_missing_from_an_older_file_is_added_and_the_others_kept(tmp_path):
    known = devenv.load_or_make(tmp_path)
    file = tmp_path / devenv.FILE_NAME
    file.write_text("\n".join(line for line in file.read_text().splitlines() if not line.startswith("SMS_KEY=")))
    found = devenv.load_or_make(tmp_path)

    assert found["SMS_KEY"] != known["SMS_KEY"]
    assert {**found, "SMS_KEY": ""} == {**known, "SMS_KEY": ""}


def test_only_the_owner_reads_them(tmp_path):
    devenv.load_or_make(tmp_path)
    private = [tmp_path / devenv.FILE_NAME, *(tmp_path / "keys").iterdir()]

    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_both_sides_of_the_wire_take_them(tmp_path):
    made = environment(tmp_path)
    product, sandbox = Settings.from_environment(made), from_env(made)

    assert product.wechat.mini_secret == sandbox.mini_secret
    assert product.wechat.api_url == sandbox.base_url
    assert product.wecom.callback_aes_key == sandbox.corp_callback_aes_key
    assert (product.sms.account, product.sms.key) == (sandbox.sms_account, sandbox.sms_key)
    assert (sandbox.gate_id, sandbox.pos_id) == (made["SANDBOX_GATE_ID"], made["SANDBOX_POS_ID"])
    assert "PRIVATE KEY" in product.pay.private_key


def test_no_setting_of_the_sandbox_is_left_empty(tmp_path):
    sandbox = from_env(environment(tmp_path))

    assert [name for name in sandbox.__dataclass_fields__ if getattr(sandbox, name) in ("", (), {})] == []


@pytest.mark.parametrize("attempt", range(20))
def test_message_keys_are_43_letters_of_base64(attempt):
    key = devenv.aes_key()

    assert re.fullmatch(r"[A-Za-z0-9]{43}", key)
    assert len(base64.b64decode(key + "=")) == 32


def test_the_example_names_every_setting_and_no_other(tmp_path):
    asked = set()

    class Asked(dict):
        def get(self, name, default=None):
            asked.add(name)
            return super().get(name, default)

    Settings.from_environment(Asked(environment(tmp_path)))
    text = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.M)) == asked
