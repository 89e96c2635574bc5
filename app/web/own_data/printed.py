"""A person's own data as PDF: what every phone opens, WeChat's own viewer too.

Of each part the latest rows; the data file has all of them.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from app.flows.privacy import own_data
from app.identity.models import Member
from app.kernel.printing import BOLD, REGULAR, pdf_font, width_of
from app.web import filters, reasons
from app.web.own_data import words

PDF_TYPE = "application/pdf"
MOST_ROWS = 100
_MARGIN = 12 * mm
_WIDTH = landscape(A4)[0] - 2 * _MARGIN
_INK, _GREY, _LINE = HexColor("#17202b"), HexColor("#667080"), HexColor("#d5dae1")
_SIZE = 8.0
_WIDEST = 60 * mm
_PADDING = 4 * mm
# What a part's heading keeps below it on its page: the names of the columns and two rows.
_TOGETHER = 34 * mm


def write_pdf(member: Member, out: IO[bytes], *, now: datetime) -> None:
    """Write it about the member, and about whoever was found to be them before."""
    story: list[Any] = [
        _text("我的数据", size=18, font=BOLD),
        _text(f"导出时间 {filters.local_time(now)} · 仅供本人使用，请妥善保管", colour=_GREY),
        Spacer(0, 4 * mm),
        _profile(own_data.profile(member, now=now)),
    ]
    for name, rows in own_data.parts(member, words=reasons.words_of):
        if name not in words.FILES:
            story += _part(name, rows)
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=15 * mm,
        title="我的数据",
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(pdf_font(REGULAR), _SIZE)
    canvas.setFillColor(_GREY)
    canvas.drawRightString(landscape(A4)[0] - _MARGIN, 8 * mm, f"第 {document.page} 页")


def _text(said: str, *, size: float = _SIZE, font: str = REGULAR, colour: Any = _INK) -> Paragraph:
    style = ParagraphStyle(
        f"{font}{size}", fontName=pdf_font(font), fontSize=size, leading=size * 1.5, textColor=colour, wordWrap="CJK"
    )
    return Paragraph(said.replace("&", "&amp;").replace("<", "&lt;"), style)


def _profile(profile: Mapping[str, Any]) -> Table:
    """Who they are: labels and values, three pairs a line."""
    cells: list[Any] = []
    for name, label in words.PROFILE.items():
        cells += [_text(label, colour=_GREY), _text(words.value_of("profile", name, profile[name]), size=10)]
    cells += [""] * (-len(cells) % 6)
    lines = [cells[start : start + 6] for start in range(0, len(cells), 6)]
    return Table(lines, colWidths=(22 * mm, _WIDTH / 3 - 22 * mm) * 3, style=[("VALIGN", (0, 0), (-1, -1), "TOP")])


def _part(section: str, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """A part's heading and its latest rows; nothing of a part without any."""
    count, latest = 0, deque[Mapping[str, Any]](maxlen=MOST_ROWS)
    for row in rows:
        count += 1
        latest.append(row)
    if not count:
        return []
    title = f"{words.SECTIONS.get(section, section)}（{filters.points(count)} 条）"
    story: list[Any] = [CondPageBreak(_TOGETHER), Spacer(0, 5 * mm), _text(title, size=12, font=BOLD)]
    if count > MOST_ROWS:
        story.append(_text(f"这里是最近 {MOST_ROWS} 条，全部内容见数据文件（JSON）。", colour=_GREY))
    return [*story, Spacer(0, 1 * mm), _table(section, list(latest))]


def _table(section: str, rows: list[Mapping[str, Any]]) -> LongTable:
    names = [name for name in rows[0] if f"{section}.{name}" not in words.LEFT_OUT]
    lines = [[words.column_of(section, name) for name in names]]
    lines += [[words.value_of(section, name, row[name]) for name in names] for row in rows]
    widths = _widths(lines)
    cells = [[_fitting(text, width) for text, width in zip(line, widths, strict=True)] for line in lines]
    style = [
        ("FONT", (0, 0), (-1, -1), pdf_font(REGULAR), _SIZE),
        ("TEXTCOLOR", (0, 0), (-1, 0), _GREY),
        ("TEXTCOLOR", (0, 1), (-1, -1), _INK),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return LongTable(cells, colWidths=widths, style=style, repeatRows=1, hAlign="LEFT")


def _widths(lines: list[list[str]]) -> list[float]:
    """As wide as the widest text, within bounds; narrower all together where the page is."""
    columns = zip(*lines, strict=True)
    wanted = [min(max(width_of(text, _SIZE) for text in column), _WIDEST) + _PADDING for column in columns]
    return [width * min(1.0, _WIDTH / sum(wanted)) for width in wanted]


def _fitting(text: str, width: float) -> Any:
    """Plain where it fits: lines are only broken where they must be, which costs a hundred times more."""
    return text if width_of(text, _SIZE) + _PADDING <= width + 0.1 else _text(text)
