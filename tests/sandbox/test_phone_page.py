"""The sandbox phone in a real browser: sheets, the host bridge with a page of the product, news from all channels."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Page, expect

from sandbox.kit import qr, signing
from sandbox.kit.clock import SHANGHAI
from sandbox.kit.world import World
from tests.sandbox.product import Product
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.browser

# A page of the product as the bridge's contract describes it: buttons that ask the parent, answers shown as JSON.
TWIN = """<!doctype html><meta charset="utf-8"><title>twin</title><body><script>
const ask = (method, params) => new Promise((resolve) => {
  const id = String(Math.random())
  window.addEventListener('message', (event) => {
    if (event.source === window.parent && event.data.id === id && 'ok' in event.data) resolve(event.data)
  })
  window.parent.postMessage({ huitou: 1, id, method, params }, '*')
})
const shown = document.createElement('output')
document.body.append(location.search + location.hash, shown)
for (const method of ['login', 'getPhoneNumber', 'requestSubscribeMessage', 'requestPayment', 'scanCode', 'fly']) {
  const button = document.createElement('button')
  button.textContent = method
  button.onclick = async () => { shown.textContent = JSON.stringify(await ask(method, window.params?.[method])) }
  document.body.append(button)
}
window.params = { requestSubscribeMessage: { tmplIds: ['tmpl-benefit', 'tmpl-activity'] } }
</script>"""


@pytest.fixture
def phone(browser: Browser, live: str, product: Product) -> Iterator[Page]:
    """The phone's page, on a phone; a script error fails the test."""
    product.usual = (200, TWIN)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
    page.goto(f"{live}/phone")
    expect(page.locator("#owner")).to_have_text("林晓梅")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def code(call: Callable[..., dict[str, Any]], token: Callable[[str], str], client: Any) -> None:
    """One mini-program code the product had made."""
    body = {"scene": "E7kQ2mXa", "page": "pages/join/index"}
    client.post(f"/wxa/getwxacodeunlimit?access_token={token('mini')}", json=body)


def _open_twin(phone: Page) -> FrameLocator:
    phone.locator("#codes .code").first.click()
    phone.locator("[data-way=mini_program]").click()
    return phone.frame_locator("#frame")


def _answer(twin: FrameLocator) -> Any:
    output = twin.locator("output")
    expect(output).not_to_be_empty()
    return json.loads(output.inner_text())


def test_a_code_opens_the_twin_which_logs_in(phone: Page, code: None, world: World) -> None:
    twin = _open_twin(phone)
    expect(twin.locator("body")).to_contain_text("?scene=E7kQ2mXa&host=phone#/pages/join/index")
    twin.get_by_role("button", name="login").click()
    answer = _answer(twin)
    row = world.store.one("SELECT * FROM codes WHERE code = ?", answer["result"]["code"])
    assert row is not None and (row["kind"], row["person_id"]) == ("login", "p-lin")


@pytest.mark.parametrize("act", ["allow", "refuse"])
def test_the_phone_number_is_given_or_refused(phone: Page, code: None, act: str) -> None:
    twin = _open_twin(phone)
    twin.get_by_role("button", name="getPhoneNumber").click()
    phone.locator(f"[data-act={act}]").click()
    answer = _answer(twin)
    if act == "allow":
        assert answer["ok"] is True and answer["result"]["code"]
    else:
        assert answer["error"] == {"errMsg": "getPhoneNumber:fail user deny"}


def test_each_template_is_allowed_or_not_and_remembered(phone: Page, code: None, live: str) -> None:
    twin = _open_twin(phone)
    twin.get_by_role("button", name="requestSubscribeMessage").click()
    phone.get_by_label("活动提醒").uncheck()
    phone.get_by_label("总是保持以上选择").check()
    phone.locator("[data-act=allow]").click()
    assert _answer(twin)["result"] == {"tmpl-benefit": "accept", "tmpl-activity": "reject"}
    twin.get_by_role("button", name="login").click()
    expect(twin.locator("output")).to_contain_text("code")
    twin.get_by_role("button", name="requestSubscribeMessage").click()
    expect(twin.locator("output")).to_contain_text("tmpl-benefit")
    expect(phone.locator("#sheet")).to_be_hidden()
    items = requests.get(f"{live}/phone/api/people/p-lin/subscriptions", timeout=PATIENCE_S).json()["items"]
    assert {t["id"]: t["credits"] for t in items if t["credits"]} == {"tmpl-benefit": 2}


def test_payment_is_cancelled_or_fails_with_the_platforms_words(phone: Page, code: None) -> None:
    twin = _open_twin(phone)
    twin.get_by_role("button", name="requestPayment").click()
    assert _answer(twin)["error"]["errMsg"].startswith("requestPayment:fail")
    twin.get_by_role("button", name="fly").click()
    expect(twin.locator("output")).to_contain_text("fly:fail not supported")


def test_scanning_for_the_twin_gives_the_text(phone: Page, code: None) -> None:
    twin = _open_twin(phone)
    twin.get_by_role("button", name="scanCode").click()
    phone.get_by_label("码的内容").fill("M8F3-20KD-77QX")
    phone.get_by_role("button", name="扫它").click()
    assert _answer(twin)["result"] == {"result": "M8F3-20KD-77QX"}


def test_only_the_frame_is_answered(phone: Page, code: None, world: World) -> None:
    twin = _open_twin(phone)
    phone.evaluate("window.postMessage({ huitou: 1, id: 'x', method: 'login' }, '*')")
    # The frame asks after the page itself did: once it has its answer, the other one would be there too.
    twin.get_by_role("button", name="login").click()
    _answer(twin)
    assert len(world.store.all("SELECT * FROM codes")) == 1


def test_an_uploaded_picture_is_read(phone: Page, tmp_path: Path, product: Product) -> None:
    picture = tmp_path / "poster.png"
    picture.write_bytes(qr.picture("pages/join/index?scene=Poster1", 300, format_="PNG"))
    phone.locator("#view-scan input[type=file]").set_input_files(picture)
    expect(phone.locator("#sheet")).to_contain_text("Poster1")
    phone.locator("[data-way=browser]").click()
    body = phone.frame_locator("#frame").locator("body")
    expect(body).to_contain_text("?scene=Poster1#/pages/join/index")
    expect(body).not_to_contain_text("host=phone")


def test_a_picture_without_a_code_says_so(phone: Page, tmp_path: Path) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(blank, "PNG")
    file = {"name": "blank.png", "mimeType": "image/png", "buffer": blank.getvalue()}
    phone.locator("#view-scan input[type=file]").set_input_files(file)
    expect(phone.locator("#toast")).to_have_text("图片里未找到二维码")


def test_the_contact_is_added_and_its_greeting_shown(
    phone: Page, call: Callable[..., dict[str, Any]], world: World
) -> None:
    way = {"type": 1, "scene": 2, "user": ["mall-service"], "remark": "一楼服务台"}
    call("wecom", "/cgi-bin/externalcontact/add_contact_way", way)
    phone.locator("#codes .code", has_text="一楼服务台").click()
    phone.locator("[data-act=add-contact]").click()
    expect(phone.locator("#toast")).to_contain_text("已添加")
    row = world.store.one("SELECT code FROM welcome_codes")
    assert row is not None
    card = {"msgtype": "miniprogram", "miniprogram": {"title": "领停车券", "appid": "wx", "page": "pages/join/index"}}
    link = {"msgtype": "link", "link": {"title": "会员入会", "url": f"{world.settings.product_url}/h5/?scene=S1"}}
    welcome = {"welcome_code": row["code"], "text": {"content": "您好，欢迎"}, "attachments": [card, link]}
    call("wecom", "/cgi-bin/externalcontact/send_welcome_msg", welcome)
    expect(phone.locator("#banner")).to_contain_text("您好，欢迎")
    phone.locator("#banner").click()
    expect(phone.locator("[data-channel=wecom] .from")).to_have_text("企业微信mall-service")
    phone.get_by_role("button", name="领停车券").click()
    expect(phone.frame_locator("#frame").locator("body")).to_contain_text("?host=phone#/pages/join/index")
    phone.locator("#window-close").click()
    phone.get_by_role("button", name="会员入会").click()
    expect(phone.frame_locator("#frame").locator("body")).to_contain_text("?scene=S1&via=wechat")


def test_a_page_is_put_aside_to_read_a_text_message_and_brought_back(
    phone: Page, code: None, world: World, client: Any
) -> None:
    twin = _open_twin(phone)
    twin.get_by_role("button", name="login").click()
    before = _answer(twin)
    body = {"message_id": "m-1", "phone": "13800000001", "template": "sign_in_code", "params": {"code": "483920"}}
    data = json.dumps(body).encode()
    head = signing.headers(world.clock, "sms-account", "sms-key", "/sms/v1/messages", data)
    assert client.post("/sms/v1/messages", data=data, headers=head).get_json()["ok"] is True
    expect(phone.locator("#banner")).to_contain_text("483920")
    phone.locator("#banner").click()
    expect(phone.locator("[data-channel=sms] .from")).to_have_text("短信")
    phone.get_by_role("button", name="回到刚才的页面").click()
    assert _answer(twin) == before


def test_a_car_drives_in_and_waits_for_its_bill(phone: Page, product: Product) -> None:
    product.answers.append((200, {"session_id": "1", "action": "open", "due_fen": 0}))
    phone.get_by_role("tab", name="开车").click()
    phone.get_by_label("车牌").fill("沪A12345")
    phone.get_by_label("入场时间").select_option("200")
    phone.get_by_role("button", name="开到入口").click()
    lane = phone.locator("[data-plate=沪A12345]")
    expect(lane).to_contain_text("道闸已抬起")
    product.answers.append((200, {"session_id": "1", "action": "hold", "due_fen": 1500}))
    lane.get_by_role("button", name="开到出口").click()
    expect(lane).to_contain_text("应缴 ¥15.00")
    expect(lane).to_contain_text("道闸落下")
    entry, leaving = [datetime.fromisoformat(json.loads(asked.body)["occurred_at"]) for asked in product.received[-2:]]
    assert leaving - entry >= timedelta(minutes=200)


def test_another_person_takes_the_phone(phone: Page, code: None, world: World) -> None:
    _open_twin(phone)
    phone.locator("#window-close").click()
    phone.get_by_role("tab", name="我", exact=True).click()
    phone.get_by_role("button", name="新建一个人").click()
    phone.get_by_label("姓名").fill("周舟")
    phone.get_by_label("手机号").fill("13911112222")
    phone.get_by_role("button", name="拿起这部手机").click()
    expect(phone.locator("#owner")).to_have_text("周舟")
    expect(phone.locator("#window")).to_be_hidden()
    phone.reload()
    expect(phone.locator("#owner")).to_have_text("周舟")


def test_a_phone_in_other_days_tells_the_day(phone: Page, live: str, world: World) -> None:
    expect(phone.locator("#clock")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    world.clock.offset_s = timedelta(days=4).total_seconds()
    phone.goto(f"{live}/phone")
    then = datetime.now(SHANGHAI) + timedelta(days=4)
    expect(phone.locator("#clock")).to_have_text(re.compile(rf"^{then.month}/{then.day} \d\d:\d\d$"))
