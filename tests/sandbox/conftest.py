"""A sandbox per test, its keys, the product it calls back, and the same sandbox served on loopback."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from wechatpayv3 import WeChatPay, WeChatPayType

from sandbox.app import create_app, world_of
from sandbox.kit.settings import Settings, from_env
from sandbox.kit.world import World
from sandbox.server import Server
from tests.sandbox.product import Product, served
from tests.support.patience import PATIENCE_S

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture(scope="session")
def pay_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key pairs of the merchant and of the platform."""
    folder = tmp_path_factory.mktemp("pay")
    for name in ("merchant", "platform"):
        key = rsa.generate_private_key(65537, 2048)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.pem").write_bytes(private)
        (folder / f"{name}.pub.pem").write_bytes(public)
    return folder


@pytest.fixture
def product() -> Iterator[Product]:
    """The product, answering "success" until told otherwise."""
    with served() as standing:
        yield standing


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path, pay_keys: Path, product: Product) -> dict[str, str]:
    """The environment a sandbox starts from."""
    return {
        "HUITOU_ENV": "test",
        "SANDBOX_PORT": str(_free_port()),
        "SANDBOX_DATA": str(tmp_path / "sandbox"),
        "SANDBOX_PRODUCT_URL": product.url,
        "SANDBOX_WECOM_RETRY_SECONDS": "0.05",
        "SANDBOX_PAY_RETRY_SCALE": "0.002",
        "WECHAT_MINI_APPID": "wxsandboxmini0001",
        "WECHAT_MINI_SECRET": "mini-secret",
        "WECHAT_MINI_PUSH_TOKEN": "pushtoken",
        "WECHAT_MINI_PUSH_AES_KEY": AES_KEY,
        "WECHAT_TEMPLATE_ACTIVITY": "tmpl-activity",
        "WECHAT_TEMPLATE_BENEFIT": "tmpl-benefit",
        "WECHAT_TEMPLATE_MEMBER_DAY": "tmpl-member-day",
        "WECHAT_TEMPLATE_RECEIPT": "tmpl-receipt",
        "WECHAT_OA_TEMPLATE_POINTS": "tmpl-points",
        "WECHAT_OA_APPID": "wxsandboxoa00001",
        "WECHAT_OA_SECRET": "oa-secret",
        "WECOM_CORP_ID": "wwsandbox0001",
        "WECOM_SECRET": "corp-secret",
        "WECOM_CALLBACK_TOKEN": "sandboxtoken",
        "WECOM_CALLBACK_AES_KEY": AES_KEY,
        "WECOM_CONTACT_USER": "mall-service",
        "WECHAT_PAY_MCHID": "1900000001",
        "WECHAT_PAY_SERIAL": "3775B6A45ACD588826D15E583A95F5DD00000001",
        "WECHAT_PAY_APIV3_KEY": "0123456789abcdef0123456789ABCDEF",
        "WECHAT_PAY_PUBLIC_KEY_ID": "PUB_KEY_ID_0119000000012024",
        "SANDBOX_PAY_PRIVATE_KEY_FILE": str(pay_keys / "platform.pem"),
        "WECHAT_PAY_MERCHANT_PUBLIC_KEY_FILE": str(pay_keys / "merchant.pub.pem"),
        "SANDBOX_GATE_ID": "P1",
        "SANDBOX_GATE_SECRET": "gate-secret",
        "SANDBOX_CAR_PARKS": "P1=地下停车场",
        "SANDBOX_STORES": "A101=沸腾火锅",
        "SANDBOX_POS_ID": "pos-1",
        "SANDBOX_POS_SECRET": "pos-secret",
        "SMS_ACCOUNT": "sms-account",
        "SMS_KEY": "sms-key",
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """The sandbox's settings."""
    return from_env(environment)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """A sandbox in process; its callbacks go out when a test says so."""
    application = create_app(settings)
    yield application
    world_of(application).store.close()


@pytest.fixture
def world(app: Flask) -> World:
    """Everything the sandbox holds."""
    return world_of(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Speaks to the sandbox in process."""
    return app.test_client()


@pytest.fixture
def live(app: Flask, settings: Settings) -> Iterator[str]:
    """The sandbox served on loopback with its callbacks going out by themselves; its address."""
    server = Server(app, settings.port)
    server.bind()
    thread = threading.Thread(target=server.serve)
    thread.start()
    server.serving.wait(PATIENCE_S)
    yield settings.base_url
    server.stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def merchant(settings: Settings, pay_keys: Path, live: str, product: Product) -> WeChatPay:
    """The merchant's client, pointed at the sandbox."""
    client = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=settings.pay_mchid,
        private_key=(pay_keys / "merchant.pem").read_text(),
        cert_serial_no=settings.pay_serial,
        appid=settings.mini_appid,
        apiv3_key=settings.pay_apiv3_key,
        notify_url=f"{product.url}/open/v1/pay",
        public_key=(pay_keys / "platform.pub.pem").read_text(),
        public_key_id=settings.pay_public_key_id,
    )
    client._core._gate_way = live
    return client


@pytest.fixture
def token(client: FlaskClient) -> Callable[[str], str]:
    """`token("mini" | "official" | "wecom")` → a fresh access token."""

    def fetch(app_name: str) -> str:
        if app_name == "wecom":
            answer = client.get("/cgi-bin/gettoken?corpid=wwsandbox0001&corpsecret=corp-secret")
        else:
            appid, secret = {
                "mini": ("wxsandboxmini0001", "mini-secret"),
                "official": ("wxsandboxoa00001", "oa-secret"),
            }[app_name]
            body = {"grant_type": "client_credential", "appid": appid, "secret": secret}
            answer = client.post("/cgi-bin/stable_token", json=body)
        return str(answer.get_json()["access_token"])

    return fetch


@pytest.fixture
def call(client: FlaskClient, token: Callable[[str], str]) -> Callable[..., dict[str, Any]]:
    """`call("mini", path, body)` posts with a good access token; the JSON answer."""

    def post(app_name: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(f"{path}?access_token={token(app_name)}", json=body)
        return dict(answer.get_json(force=True))

    return post
