"""A member who asks at the service desk takes their data along from there."""

import json

import pytest

from app.access.models import Role
from app.access.scopes import Place
from app.identity import members
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_who_works_for_every_mall_hands_it_out_and_it_is_written_down(
    administrator: Console, world: World, kind: str
) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    assert "导出数据文件（附可读版）" in administrator.get(page).text
    with administrator.post(f"{page}/own-data", kind=kind) as answer:
        data = answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.status_code == 200
    if kind == "json":
        assert json.loads(data)["profile"]["phone"] == members.phone_of(world.member)
    else:
        assert data.startswith(b"%PDF-")
    assert audited("member.export").facts == {"kind": kind}


def test_of_one_mall_s_people_nobody_has_what_stands_there_of_others(world: World, enter: SignIn) -> None:
    operations = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    page = f"{world.base}/members/{world.member.public_id}"
    assert "导出数据文件" not in operations.get(page).text
    assert operations.post(f"{page}/own-data", kind="pdf").status_code == 404
