"""A member's page says how our staff reach them in WeCom."""

from datetime import timedelta

from app.contacts import contacts
from app.flows.contacts import contact_groups
from app.identity import members
from app.identity.models import IdentityKind
from app.kernel import clock
from app.wechat.wecom_groups import CustomerGroup, GroupPerson
from tests.builders.console import World
from tests.mall_console.conftest import Console


def test_advisers_and_groups_stand_on_the_page(operations: Console, world: World) -> None:
    now = clock.now()
    page = f"{world.base}/members/{world.member.public_id}"
    assert "<h2>企业微信</h2>" not in operations.get(page).text
    assert members.bind(world.member, IdentityKind.WECOM_EXTERNAL, "wm-console", now=now)
    contacts.record_added("wm-console", "zhang", entrance_id=None, at=now)
    contacts.record_removed("wm-console", "zhang", at=now + timedelta(minutes=1))
    text = operations.get(page).text
    assert "zhang" in text and "已断开" in text
    person = GroupPerson("wm-console", None, now)
    contact_groups.join_group(CustomerGroup("wr", "吃货群", "li", (person,)), person, read_at=now, now=now)
    text = operations.get(page).text
    assert "吃货群" in text and "可触达" in text
    assert "加入企业微信群" in text
