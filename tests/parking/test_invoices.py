"""A wish for an invoice: what can stand on it, one per payment, answered by people, forgotten with the member."""

import pytest
from sqlalchemy import func, select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import SETTLED_ITSELF, Case
from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.parking.invoices import invoices, rules
from app.parking.invoices.errors import EmailInvalid, InvoiceAsked, NothingToInvoice, TaxNumberInvalid, TitleInvalid
from app.parking.invoices.models import ParkingInvoice, TitleKind
from app.parking.payment.errors import PaymentNotFound
from app.parking.payment.models import ParkingPayment
from tests.builders.parking import Ground, make_driver, make_invoice, make_paid_stay
from tests.builders.staff import make_staff

# Codes that their holders publish.
REAL = ("91440300708461136T", "9144030071526726XG", "91330100799655058B", "91110000802100433B")


@pytest.mark.no_database
@pytest.mark.parametrize("code", REAL)
def test_credit_codes_are_read_however_they_are_written(code: str) -> None:
    assert rules.spell_tax_no(f" {code[:8].lower()} {code[8:]}\u200b") == code


@pytest.mark.no_database
@pytest.mark.parametrize("code", REAL)
def test_a_credit_code_with_one_sign_wrong_is_none(code: str) -> None:
    for place, sign in enumerate(code):
        wrong = code[:place] + ("1" if sign != "1" else "2") + code[place + 1 :]
        with pytest.raises(TaxNumberInvalid):
            rules.spell_tax_no(wrong)


@pytest.mark.no_database
@pytest.mark.parametrize("text", ["", "91440300708461136", "91440300708461136TT", "9144030070846113IT", "税号" * 9])
def test_what_is_no_credit_code_is_refused(text: str) -> None:
    with pytest.raises(TaxNumberInvalid):
        rules.spell_tax_no(text)


def wish(**changed: object) -> rules.Wish:
    usual: dict[str, object] = {"title": "腾讯计算机系统有限公司", "tax_no": REAL[0], "email": "a.b@Example.com"}
    return rules.to_wish(TitleKind.COMPANY, **usual | changed)  # type: ignore[arg-type]


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": "我"}, TitleInvalid),
        ({"title": "长" * 101}, TitleInvalid),
        ({"title": " \u200b "}, TitleInvalid),
        ({"email": "a@b"}, EmailInvalid),
        ({"email": "a b@example.com"}, EmailInvalid),
        ({"email": "a..b@example.com"}, EmailInvalid),
        ({"email": "邮箱@example.com"}, EmailInvalid),
        ({"email": "a@example.com\nBcc: b@example.com"}, EmailInvalid),
    ],
)
def test_titles_and_addresses_that_are_none(wrong: dict[str, str], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        wish(**wrong)


@pytest.mark.no_database
def test_a_person_has_no_tax_number_and_is_shown_by_a_mask() -> None:
    made = rules.to_wish(TitleKind.PERSON, title="  张　小满 ", tax_no="whatever", email="ＺＸＭ＠qq.com")
    assert (made.title, made.title_shown, made.tax_no) == ("张 小满", "张***", None)
    assert (made.email, rules.mask_email(made.email)) == ("ZXM@qq.com", "Z***@qq.com")


@pytest.mark.no_database
def test_a_company_is_spelled_as_it_is_registered() -> None:
    assert wish(title=" 示例（上海）贸易\u3000有限公司\u200b").title == "示例（上海）贸易 有限公司"


@pytest.fixture
def member(ground: Ground) -> Member:
    found = make_driver(ground, points=700)
    ground.comes(minutes_ago=100)
    return found


@pytest.fixture
def payment(member: Member) -> ParkingPayment:
    return make_paid_stay(member, points=700)


def ask(payment: ParkingPayment, wished: rules.Wish) -> ParkingInvoice:
    return invoices.ask(payment.member_id, payment.public_id, wished, now=app_clock.now())


def case_of(invoice: ParkingInvoice) -> Case:
    subject = f"parking_invoice:{invoice.member_id}:{invoice.id}"
    return db.session.scalars(select(Case).where(Case.subject == subject).order_by(Case.id.desc())).first() or Case()


def answer(invoice: ParkingInvoice, outcome: str) -> None:
    person, case = make_staff(Role.OPERATIONS), case_of(invoice)
    actor = Actor("staff", person.id, person.name)
    cases.take(case.id, actor, now=app_clock.now())
    cases.answer(case.id, outcome, actor, note="", now=app_clock.now())


def test_what_is_wished_is_sealed_and_people_are_asked(payment: ParkingPayment) -> None:
    invoice = make_invoice(payment)
    assert (invoice.status, invoice.amount_fen) == ("asked", 500)
    assert (invoice.title_shown, invoice.email_masked) == ("张**", "x***@example.com")
    kept = b"".join(value for value in (invoice.title_sealed, invoice.email_sealed) if value)
    assert "张小满".encode() not in kept and b"xiaoman" not in kept
    read = invoices.read(invoice)
    assert read is not None and (read.title, read.email) == ("张小满", "xiaoman@example.com")
    case = case_of(invoice)
    assert (case.kind, case.reason, case.facts) == ("invoice_wished", "person", {"amount_fen": 500})
    assert "张" not in str(case.facts) + str(case.evidence)


def test_a_payment_has_one_wish(payment: ParkingPayment) -> None:
    first = ask(payment, wish())
    assert ask(payment, wish()).id == first.id
    with pytest.raises(InvoiceAsked):
        ask(payment, wish(email="other@example.com"))
    answer(first, "issued")
    with pytest.raises(InvoiceAsked):
        ask(payment, wish(email="other@example.com"))
    assert db.session.scalar(select(func.count()).select_from(ParkingInvoice)) == 1
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_what_could_not_be_issued_may_be_corrected(payment: ParkingPayment) -> None:
    invoice = ask(payment, wish())
    answer(invoice, "email_bounced")
    assert (invoice.status, invoice.refusal) == ("refused", "email_bounced")
    corrected = ask(payment, wish(email="right@example.com"))
    assert (corrected.id, corrected.status, corrected.refusal) == (invoice.id, "asked", None)
    answer(invoice, "issued")
    assert (invoice.status, invoice.refusal, invoice.answered_at) == ("issued", None, app_clock.now())
    assert db.session.scalar(select(func.count()).select_from(Case)) == 2


def test_coupons_and_points_have_no_invoice(ground: Ground) -> None:
    member = make_driver(ground, plate="沪B22222", points=1_200)
    ground.comes(minutes_ago=100, plate="沪B22222")
    with pytest.raises(NothingToInvoice):
        make_invoice(make_paid_stay(member, points=1_200))


def test_other_peoples_payments_are_not_found(payment: ParkingPayment, ground: Ground) -> None:
    stranger = make_driver(ground, plate="沪B22222")
    with pytest.raises(PaymentNotFound):
        invoices.ask(stranger.id, payment.public_id, wish(), now=app_clock.now())


def test_who_leaves_is_forgotten_and_nobody_is_asked_any_more(payment: ParkingPayment) -> None:
    invoice = ask(payment, wish())
    leaving.let_member_leave(payment.member_id, told=Cost(points=0, coupons=0), now=app_clock.now())
    db.session.refresh(invoice)
    assert {invoice.title_shown, invoice.title_sealed, invoice.tax_no, invoice.email_masked, invoice.email_sealed} == {
        None
    }
    assert invoices.read(invoice) is None
    assert case_of(invoice).outcome == SETTLED_ITSELF
