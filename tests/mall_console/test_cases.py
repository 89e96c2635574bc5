"""The queue of cases in the console: whose they are, what is shown of them, what is done with them."""

import re
from datetime import timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from app.access.audit import Actor
from app.access.models import Role
from app.access.scopes import Place
from app.cases import cases
from app.cases.models import Case
from app.kernel.db import db
from mall_console.cases import words
from tests.builders.cases import make_case
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock


@pytest.fixture
def case(world: World) -> Case:
    return world.case


def page_of(world: World, case: Case) -> str:
    return f"{world.base}/cases/{case.public_id}"


def counts(console: Console, world: World) -> list[int]:
    """Open cases of the team, one's own, overdue ones, as the tabs show them."""
    return [int(number) for number in re.findall(r"seg-count[^>]*>(\d+)<", console.get(f"{world.base}/cases").text)]


def test_a_case_is_taken_looked_into_and_answered(operations: Console, world: World, case: Case) -> None:
    assert counts(operations, world) == [1, 0, 0]
    page = operations.get(page_of(world, case)).text
    assert "3 张小票（共 ¥456.00）" in page and "处理结果" not in page
    assert f"/stores/{world.store.code}" in page and f"store={world.store.code}&amp;received=" in page
    operations.post(f"{page_of(world, case)}/take", tab="team")
    assert counts(operations, world) == [1, 1, 0]
    assert "已提醒门店收银时询问会员" in operations.get(page_of(world, case)).text
    answer = operations.post(f"{page_of(world, case)}/answer", outcome="till_instructed", note="已电话沟通", tab="team")
    assert answer.location == f"{world.base}/cases?tab=team"
    assert counts(operations, world) == [0, 0, 0]
    assert "已提醒门店" in operations.get(f"{world.base}/cases?tab=answered").text
    history = operations.get(page_of(world, case)).text
    assert "办结：已提醒门店收银时询问会员" in history and "已电话沟通" in history
    entry = audited("case.answer")
    assert (entry.subject, entry.facts) == (f"case:{case.id}", {"outcome": "已提醒门店收银时询问会员"})


def test_evidence_leads_to_what_it_names(operations: Console, world: World, case: Case) -> None:
    for path in re.findall(r'<li><span>[^<]*</span><a href="([^"]+)"', operations.get(page_of(world, case)).text):
        assert operations.get(path.replace("&amp;", "&")).status_code == 200


def test_after_an_answer_comes_the_next_case_of_the_list(
    operations: Console, world: World, case: Case, clock: StillClock
) -> None:
    older = make_case(world.store, days_ago=1)
    queue = operations.get(f"{world.base}/cases").text
    assert queue.index(older.public_id) < queue.index(case.public_id)
    operations.post(f"{page_of(world, older)}/take", tab="team")
    answer = operations.post(f"{page_of(world, older)}/answer", outcome="no_members", tab="team")
    assert answer.location == f"{page_of(world, case)}?tab=team"


def test_a_refused_answer_says_why_and_keeps_the_case(operations: Console, world: World, case: Case) -> None:
    page = page_of(world, case)
    operations.post(f"{page}/answer", page=page, outcome="no_members")
    assert "请先领取" in operations.get(page).text
    operations.post(f"{page}/take")
    operations.post(f"{page}/answer", page=page, outcome="try_again")
    assert "请选择一项" in operations.get(page).text
    db.session.refresh(case)
    assert case.outcome is None


def test_what_a_colleague_has_taken_is_not_taken(operations: Console, enter: SignIn, world: World, case: Case) -> None:
    colleague = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    colleague.post(f"{page_of(world, case)}/take")
    page = page_of(world, case)
    operations.post(f"{page}/take", page=page)
    assert "张岚已经领取了这件待办" in operations.get(page).text
    assert counts(operations, world) == [1, 0, 0]


def test_a_case_is_handed_to_a_colleague_and_to_another_team(
    operations: Console, finance: Console, enter: SignIn, world: World, case: Case
) -> None:
    colleague = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    to = f"person:{colleague.person.public_id}"
    operations.post(f"{page_of(world, case)}/hand-on", to=to, note="你更熟")
    assert counts(colleague, world) == [1, 1, 0]
    colleague.post(f"{page_of(world, case)}/hand-on", to="role:finance", note="请财务看看")
    assert (counts(operations, world), counts(finance, world)) == ([0, 0, 0], [1, 0, 0])
    assert "转交：商场财务" in finance.get(page_of(world, case)).text
    page = page_of(world, case)
    finance.post(f"{page}/hand-on", page=page, to="person:nobody")
    assert "请选择一项" in finance.get(page).text


def test_another_team_reads_a_case_and_changes_nothing(finance: Console, world: World, case: Case) -> None:
    page = page_of(world, case)
    shown = finance.get(page).text
    assert "由商场运营处理" in shown and 'action="' + page not in shown
    finance.post(f"{page}/take", page=page)
    assert "属于另一个组" in finance.get(page).text
    db.session.refresh(case)
    assert case.owner_id is None


def test_an_auditor_reads_every_team_s_cases_and_works_on_none(auditor: Console, world: World, case: Case) -> None:
    assert counts(auditor, world) == [1, 0, 0]
    assert "领取，由我处理" not in auditor.get(page_of(world, case)).text
    assert auditor.post(f"{page_of(world, case)}/take").status_code == 403


def test_an_answered_case_is_reopened_with_a_reason(operations: Console, world: World, case: Case) -> None:
    page = page_of(world, case)
    operations.post(f"{page}/take")
    operations.post(f"{page}/answer", outcome="no_members")
    operations.post(f"{page}/reopen", note="门店又反馈了", tab="answered")
    assert counts(operations, world) == [1, 1, 0]
    assert "门店又反馈了" in operations.get(page).text
    assert audited("case.reopen").subject == f"case:{case.id}"


def test_overdue_cases_are_told_apart(operations: Console, world: World) -> None:
    late = make_case(world.store, days_ago=10)
    assert counts(operations, world) == [2, 0, 1]
    shown = operations.get(f"{world.base}/cases?tab=overdue").text
    assert late.public_id in shown and world.case.public_id not in shown and "逾期 7 天" in shown


def test_a_long_queue_goes_on(operations: Console, world: World) -> None:
    made = {make_case(world.store, days_ago=days).public_id for days in range(1, 40)} | {world.case.public_id}
    first = operations.get(f"{world.base}/cases").text
    more = re.findall(r'href="([^"]+cursor=[^"]+)"', first)[0].replace("&amp;", "&")
    found = re.findall(r"/cases/([0-9a-f]+)\?tab", first + operations.get(more).text)
    assert set(found) == made and len(found) == len(made)


def test_the_queue_tells_what_the_audit_log_tells(administrator: Console, world: World, case: Case) -> None:
    administrator.post(f"{page_of(world, case)}/take")
    shown = administrator.get(f"{world.base}/audit?subject=case.").text
    assert "领取待办" in shown and "小票未匹配到会员<small>待办</small>" in shown


def test_one_press_is_one_answer(operations: Console, world: World, case: Case) -> None:
    cases.take(case.id, _actor(operations), now=case.raised_at + timedelta(minutes=1))
    fields = {"outcome": "no_members", "tab": "team"}
    first = operations.post(f"{page_of(world, case)}/answer", key="0" * 32, **fields)
    again = operations.post(f"{page_of(world, case)}/answer", key="0" * 32, **fields)
    assert first.location == again.location
    assert operations.get(page_of(world, case)).text.count("办结：确实不是会员") == 1


def _actor(console: Console) -> Actor:
    return Actor("staff", console.person.id, console.person.name)


def test_a_form_with_a_nul_is_refused_and_the_next_page_still_opens(
    operations: Console, world: World, case: Case
) -> None:
    page = page_of(world, case)
    operations.post(f"{page}/take")
    assert operations.post(f"{page}/answer", page=page, outcome="no_members", note="a\0b").location == page
    assert operations.get(page).status_code == 200
    db.session.refresh(case)
    assert case.outcome is None


def test_a_page_opens_though_its_cookie_of_typed_words_cannot_be_read(
    operations: Console, world: World, case: Case
) -> None:
    app = operations.client.application
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    operations.client.set_cookie("huitou_page", str(signer.dumps({"typed": {"note": "a\0b"}})))
    assert operations.get(page_of(world, case)).status_code == 200


def test_long_numbers_and_raw_codes_stand_on_a_line_of_their_own() -> None:
    facts = {"out_trade_no": "HT20260311000000000001", "error": "SYSTEM_ERROR", "amount_fen": 1_250, "attempts": 5}
    case = Case(kind="refund_stuck", reason="given_up", facts=facts)
    assert words.reason_of(case) == "应退顾客 ¥12.50，申请 5 次均未成功。"
    assert words.details_of(case) == [("商户订单号", "HT20260311000000000001"), ("微信支付返回", "SYSTEM_ERROR")]
    assert words.details_of(Case(kind="receipts_unclaimed", reason="nobody_known", facts={})) == []


def test_a_case_names_the_source_of_a_receipt_as_people_do() -> None:
    facts = {"store": "晨光咖啡", "receipt_no": "R1", "amount_fen": 3_200}
    told = [Case(kind="same_payment", reason="several", facts=facts | {"source": one}) for one in ("pos", "kiosk")]
    assert [words.reason_of(case).partition("（")[0] for case in told] == [
        "晨光咖啡：收银系统上传的小票 R1",
        "晨光咖啡：kiosk 上传的小票 R1",
    ]


def test_no_reason_holds_what_has_a_line_of_its_own() -> None:
    reasons = [reason for kind in words.KINDS.values() for reason in kind["reasons"].values()]
    assert [reason for reason in reasons if "{out_trade_no}" in reason or "{error}" in reason] == []
