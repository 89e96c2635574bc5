"""Statements on paper: sums, where the money goes, a place for both seals, and every row while they are few."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from app.kernel import clock, money
from app.kernel.lists.keyset import Asked
from app.kernel.printing import BOLD, REGULAR, fitted, pdf_font
from app.settlement.accounts import accounts
from app.settlement.accounts.accounts import Account
from app.settlement.exports.capitals import in_capitals
from app.settlement.ledger.models import PostingKind
from app.settlement.statements import queries, statements, wording
from app.settlement.statements.models import InvoiceStatus, Statement
from app.settlement.statements.queries import ExplainedPosting, NamedStatement

PDF_TYPE = "application/pdf"
# More rows than anybody reads on paper; the other downloads hold them.
MOST_ROWS = 2_000
_WIDTH = A4[0] - 32 * mm
_INK, _GREY, _LINE, _GROUND = HexColor("#17202b"), HexColor("#667080"), HexColor("#d5dae1"), HexColor("#f3f5f7")
_ROW_WIDTHS = (16 * mm, 62 * mm, 34 * mm, 40 * mm, 26 * mm)


def write_pdf(statements: Sequence[NamedStatement], out: IO[bytes], *, most_rows: int = MOST_ROWS) -> None:
    """Write each statement on pages of its own; without rows when all together have more than that many."""
    has_rows = sum(named.statement.posting_count for named in statements) <= most_rows
    story: list[Any] = []
    for number, named in enumerate(statements):
        if number:
            story.append(PageBreak())
        story += _sheet(named)
        story += _rows(named.statement) if has_rows else [_text(wording.ROWS_ELSEWHERE, colour=_GREY)]
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=wording.PRINTED_TITLE,
        author=statements[0].mall_name,
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(pdf_font(REGULAR), 8)
    canvas.setFillColor(_GREY)
    canvas.drawRightString(A4[0] - 16 * mm, 10 * mm, f"第 {document.page} 页")


def _sheet(named: NamedStatement) -> list[Any]:
    """What both sides agree on and seal."""
    statement = named.statement
    receiver = accounts.receiver_of(statement.mall_id, statement.merchant_id, statement.amount_fen)
    return [
        _text(wording.PRINTED_TITLE, size=18, font=BOLD),
        Spacer(0, 3 * mm),
        _pairs(_facts(named)),
        Spacer(0, 4 * mm),
        _total(statement),
        Spacer(0, 4 * mm),
        _lines(statement),
        Spacer(0, 4 * mm),
        _pairs(_account(receiver)),
        Spacer(0, 8 * mm),
        _seals(named),
        Spacer(0, 8 * mm),
    ]


def _text(words: str, *, size: float = 10, font: str = REGULAR, colour: Any = _INK) -> Paragraph:
    style = ParagraphStyle(
        f"{font}{size}", fontName=pdf_font(font), fontSize=size, leading=size * 1.5, textColor=colour, wordWrap="CJK"
    )
    return Paragraph(words.replace("&", "&amp;").replace("<", "&lt;"), style)


def _facts(named: NamedStatement) -> list[tuple[str, str]]:
    statement = named.statement
    invoice = wording.INVOICE_LABELS[InvoiceStatus(statement.invoice_status)]
    return [
        ("结算单号", statement.statement_no),
        ("状态", wording.status_of(statement)),
        ("商场", named.mall_name),
        ("商户", f"{named.merchant_name}（{named.merchant_code}）"),
        ("账期", f"{statement.from_day} 至 {statement.to_day}"),
        ("出单日", f"{clock.business_date(statement.issued_at)}"),
        ("付款期限", _due(statement)),
        ("发票", f"{invoice} {statement.invoice_no or ''}".strip()),
        ("凭证", statement.payment_reference or "—"),
    ]


def _due(statement: Statement) -> str:
    if not statement.amount_fen:
        return "—"
    if statement.due_on is not None:
        return f"{statement.due_on}"
    return wording.due_within(statements.due_days_of(statement))


def _account(receiver: Account | None) -> list[tuple[str, str]]:
    if receiver is None:
        return [("收款账户", "—")]
    return [("收款户名", receiver.holder), ("开户行", receiver.bank), ("账号", receiver.number)]


def _pairs(pairs: Sequence[tuple[str, str]]) -> Table:
    """Labels and values, two pairs a line."""
    cells = [cell for label, value in pairs for cell in (_text(label, colour=_GREY), _text(value))]
    cells += [""] * (-len(cells) % 4)
    widths = (20 * mm, _WIDTH / 2 - 20 * mm) * 2
    return Table([cells[start : start + 4] for start in range(0, len(cells), 4)], colWidths=widths, style=_TIGHT)


def _total(statement: Statement) -> Table:
    direction = wording.owed_by(statement.amount_fen)
    amount = f"¥{money.yuan_text(abs(statement.amount_fen))}"
    words = f"人民币（大写）{in_capitals(statement.amount_fen)}"
    cells = [[_text(direction, size=11), _text(amount, size=16, font=BOLD)], [_text(words), ""]]
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), _GROUND),
        ("SPAN", (0, 1), (1, 1)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table(cells, colWidths=(40 * mm, _WIDTH - 40 * mm), style=style)


def _lines(statement: Statement) -> Table:
    rows = [["项目", "笔数", "金额（元）"]]
    for line in queries.list_lines(statement.id):
        label = wording.KIND_LABELS[PostingKind(line.kind)]
        rows.append([label, f"{line.posting_count:,}", money.yuan_text(line.amount_fen)])
    if len(rows) == 1:
        rows.append([wording.NOTHING_POSTED, "0", "0.00"])
    return Table(rows, colWidths=(_WIDTH - 70 * mm, 30 * mm, 40 * mm), style=_table_style(from_column=1))


def _seals(named: NamedStatement) -> Table:
    cells = [[f"{named.mall_name}（盖章）", f"{named.merchant_name}（盖章）"], ["日期：", "日期："]]
    style = [("FONT", (0, 0), (-1, -1), pdf_font(REGULAR), 10), ("TEXTCOLOR", (0, 0), (-1, -1), _INK)]
    return Table(cells, colWidths=(_WIDTH / 2, _WIDTH / 2), rowHeights=(9 * mm, 9 * mm), style=style)


def _rows(statement: Statement) -> list[Any]:
    if not statement.posting_count:
        return []
    size = 8
    table: list[list[str]] = [["入账日期", "说明", "门店", "券码/小票号/凭据", "金额（元）"]]
    for row in _postings(statement):
        cells = (wording.what_happened(row), row.store_name or "—", row.reference)
        fit = [fitted(text, size, width - 4 * mm) for text, width in zip(cells, _ROW_WIDTHS[1:4], strict=True)]
        table.append([f"{row.accounting_day:%m-%d}", *fit, money.yuan_text(row.amount_fen)])
    style = _table_style(from_column=4, size=size)
    return [_text("逐笔明细", size=12, font=BOLD), LongTable(table, colWidths=_ROW_WIDTHS, style=style, repeatRows=1)]


def _postings(statement: Statement) -> Iterator[ExplainedPosting]:
    cursor: str | None = None
    while True:
        page = queries.list_postings(statement, asked=Asked(500, cursor))
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _table_style(*, from_column: int, size: float = 10) -> list[tuple[Any, ...]]:
    """A quiet table: a line below each row, numbers to the right."""
    return [
        ("FONT", (0, 0), (-1, -1), pdf_font(REGULAR), size),
        ("TEXTCOLOR", (0, 0), (-1, 0), _GREY),
        ("TEXTCOLOR", (0, 1), (-1, -1), _INK),
        ("ALIGN", (from_column, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]


_TIGHT = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ("LEFTPADDING", (0, 0), (-1, -1), 6),
]
