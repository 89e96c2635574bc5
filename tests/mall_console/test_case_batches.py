"""Several cases at once: asked before, done one by one, and said of each how it ended."""

from app.access.models import Role
from app.access.scopes import Place
from app.cases.models import Case, CaseStep
from app.kernel.db import db
from app.kernel.security import codes
from tests.builders.cases import make_case, make_duplicate_case
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.mall_console.conftest import Console, SignIn


def post(console: Console, world: World, act: str, cases: list[Case], **fields: object) -> str:
    rows = [case.public_id for case in cases]
    answer = console.post(f"{world.base}/cases/batch/{act}", row=rows, **fields)
    assert answer.status_code == 200
    for case in cases:
        db.session.refresh(case)
    return answer.text


def test_the_ticked_cases_are_shown_before_anything_is_done(operations: Console, world: World) -> None:
    cases = [world.case, make_case(world.store, days_ago=1)]
    assert 'form="list-batch"' in operations.get(f"{world.base}/cases").text
    page = post(operations, world, "take", cases)
    assert "确认领取 2 件" in page and "2 件待办" in page
    assert [case.owner_id for case in cases] == [None, None]


def test_what_one_case_refuses_leaves_the_others_done(operations: Console, enter: SignIn, world: World) -> None:
    cases = [world.case, make_case(world.store, days_ago=1), make_case(world.store, days_ago=2)]
    colleague = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    colleague.post(f"{world.base}/cases/{cases[1].public_id}/take")
    page = post(operations, world, "take", cases, confirmed="yes")
    assert "已领取 2 件，1 件没有办成" in page and "张岚已经领取了这件待办" in page
    me = operations.person.id
    assert [case.owner_id for case in cases] == [me, colleague.person.id, me]


def test_one_outcome_answers_all_of_a_kind_and_a_second_press_does_nothing_more(
    operations: Console, world: World
) -> None:
    cases, key = [world.case, make_case(world.store, days_ago=1)], codes.new_public_id()
    offered = post(operations, world, "answer", cases)
    assert "确实不是会员" in offered
    for _ in range(2):
        page = post(operations, world, "answer", cases, key=key, confirmed="yes", choice="no_members", note="同一天")
        assert "已办结 2 件" in page
    assert [case.outcome for case in cases] == ["no_members"] * 2
    steps = [(step.step, step.note) for step in db.session.query(CaseStep).filter_by(case_id=cases[0].id)]
    assert steps == [("raised", ""), ("taken", ""), ("answered", "同一天")]


def test_kinds_without_a_common_outcome_are_not_answered_together(operations: Console, world: World) -> None:
    make_duplicate_case(world.member, make_member(world.mall))
    cases = list(db.session.query(Case).filter_by(mall_id=world.mall.id))
    assert len(cases) == 2
    assert "没有共同的处理结果" in post(operations, world, "answer", cases)
    page = post(operations, world, "answer", cases, confirmed="yes", choice="no_members")
    assert "没有共同的处理结果" in page and [case.outcome for case in cases] == [None, None]


def test_cases_are_handed_on_together(operations: Console, finance: Console, world: World) -> None:
    cases = [world.case, make_case(world.store, days_ago=1)]
    assert "请选择一项" in post(operations, world, "hand-on", cases, confirmed="yes", choice="person:x")
    assert "已转交 2 件" in post(operations, world, "hand-on", cases, confirmed="yes", choice="role:finance")
    assert {case.role for case in cases} == {"finance"}
    assert "属于另一个组" in post(operations, world, "take", cases, confirmed="yes")
    assert cases[0].public_id in finance.get(f"{world.base}/cases").text


def test_cases_of_another_mall_are_not_found(administrator: Console, world: World, other: World) -> None:
    address = f"{world.base}/cases/batch/take"
    answer = administrator.post(address, row=[other.case.public_id], confirmed="yes")
    assert answer.status_code == 404
    assert administrator.post(f"{world.base}/cases/batch/forget", row=[world.case.public_id]).status_code == 404
    page = f"{world.base}/cases"
    assert administrator.post(address, page=page).location == page
    assert "请先勾选要处理的记录" in administrator.get(page).text


def test_the_queue_is_narrowed_and_sorted_and_kept_in_its_tab(operations: Console, world: World) -> None:
    late = make_case(world.store, days_ago=10)
    queue = f"{world.base}/cases"
    page = operations.get(f"{queue}?tab=overdue&sort=due").text
    assert late.public_id in page and world.case.public_id not in page
    assert 'name="tab" value="overdue"' in page and "data-keys-rows" in page
    last_first = operations.get(f"{queue}?sort=-due").text
    assert last_first.index(world.case.public_id) < last_first.index(late.public_id)
    assert late.public_id not in operations.get(f"{queue}?kind=member_request").text
    file = operations.get(f"{queue}?tab=overdue&export=csv").data.decode("utf-8-sig")
    assert file.count("\n") == 2 and "小票未匹配到会员" in file and "逾期 7 天" not in file
