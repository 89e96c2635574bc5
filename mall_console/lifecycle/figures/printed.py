"""The monthly review on one sheet of A4."""

from collections.abc import Sequence
from typing import IO, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from app.insights.monthly import wording
from app.insights.monthly.measures import Aim
from app.insights.questions.matrices import Direction
from app.insights.questions.stages import Step
from app.kernel.printing import BOLD, REGULAR, fitted, pdf_font
from app.lifecycle.stages.models import NOWHERE
from app.lifecycle.stages.wording import STAGES
from app.web import filters
from mall_console.lifecycle.figures import reviewing
from mall_console.lifecycle.figures.reviewing import Review
from mall_console.lifecycle.figures.telling import text_of

TYPE = "application/pdf"
_INK, _GREY, _LINE, _GROUND = HexColor("#17202b"), HexColor("#667080"), HexColor("#d5dae1"), HexColor("#f3f5f7")
_GOOD, _BAD = HexColor("#15803d"), HexColor("#b42318")
_MARGIN, _GAP, _SIZE = 13 * mm, 6 * mm, 8
_FRAME = 6  # what reportlab leaves free within the margins
_HALF = (A4[0] - 2 * _MARGIN - _GAP) / 2

_AIMS = {Aim.AT_RISK: "风险"}
_CELLS = {
    Direction.RISEN: HexColor("#d9efe6"),
    Direction.FALLEN: HexColor("#fbe2d6"),
    Direction.STAYED: HexColor("#eef1f4"),
    Direction.CAME: _GROUND,
}

Row = Sequence[str]


def write(review: Review, mall_name: str, out: IO[bytes]) -> None:
    """Write the review of a mall's month; what is a little too long for the sheet is drawn a little smaller."""
    left = [_stages(review), _steps(review), _targets(review)]
    right = [_measures(review), _moves(review)]
    halves = Table(
        [[left, right]],
        colWidths=(_HALF + _GAP, _HALF),
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            *((name, (0, 0), (-1, -1), 0) for name in ("LEFTPADDING", "TOPPADDING", "BOTTOMPADDING")),
            ("RIGHTPADDING", (0, 0), (0, 0), _GAP),
            ("RIGHTPADDING", (1, 0), (1, 0), 0),
        ],
    )
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME,
        rightMargin=_MARGIN - _FRAME,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"会员分层月度回顾 {review.month.label}",
        author=mall_name,
    )
    story = [*_head(review, mall_name), Spacer(0, 4 * mm), halves, *_matrix(review), _note()]
    document.build([KeepInFrame(0, 0, story, mode="shrink")])


def _head(review: Review, mall_name: str) -> list[Any]:
    now, before = review.joined
    met = sum(one.is_met is True for one in review.outcomes)
    asked = sum(one.is_met is not None for one in review.outcomes)
    summary = f"会员 {now:,} 位，上月末 {before:,} 位；目标 {asked} 项，达标 {met} 项"
    moved = "；".join(f"{name} {count:,} 位（上月 {then:,}）" for name, count, then in review.directions)
    return [
        _text(f"会员分层月度回顾 · {review.month.label}", size=16, font=BOLD),
        _text(f"{mall_name} · 截至 {review.month.last}", colour=_GREY),
        Spacer(0, 2 * mm),
        _text(f"{summary}。{moved}。", size=9),
    ]


def _stages(review: Review) -> Any:
    rows = [
        (
            STAGES[now.stage.value],
            f"{before.members:,}",
            f"{now.members:,}",
            _change(now.members - before.members),
            f"{now.entries:,}",
            f"{before.entries:,}",
            f"{now.exits:,}",
            f"{before.exits:,}",
        )
        for now, before in review.standings
    ]
    heads = ("分层", "上月末", "本月末", "变化", "进入", "上月", "离开", "上月")
    return _table("分层人数", heads, rows, (18, 11.5, 11.5, 10, 9.5, 9.5, 9.5))


def _steps(review: Review) -> Any:
    rows = [
        (STAGES[now.stage.value], _rate(now), _rate(before), _days(now), _days(before)) for now, before in review.steps
    ]
    title = "成长路径：月初在层和当月进入的人里升到更高层"
    return _table(title, ("从", "本月", "上月", "中位天数", "上月"), rows, (30, 16, 16, 16))


def _targets(review: Review) -> Any:
    rows = [(one.name, one.aim, text_of(one.figure), text_of(one.before), one.verdict) for one in review.outcomes]
    colours = [{True: _GOOD, False: _BAD, None: _GREY}[one.is_met] for one in review.outcomes]
    heads = ("转化", "目标", "本月", "上月", "结果")
    return _table("转化目标：期限届满的人里", heads, rows, (22, 22, 12.5, 12.5), last_colours=colours)


def _measures(review: Review) -> Any:
    rows = [
        (_AIMS.get(aim, wording.AIMS[aim.value]), one.name, one.text, one.text_before, one.change or "—")
        for aim, one in review.measured
    ]
    colours = [{"good": _GOOD, "bad": _BAD, "": _GREY}[one.tone] for _, one in review.measured]
    heads = ("分层", "指标", "本月", "上月", "变化")
    return _table("指标", heads, rows, (13.5, 24.5, 13, 13), from_column=2, last_colours=colours)


def _moves(review: Review) -> Any:
    rows = [
        (
            f"{STAGES[now.old_stage]} → {STAGES[now.stage]}",
            f"{now.members:,}",
            filters.share_text(now.share),
            f"{before.members:,}",
            filters.share_text(before.share),
        )
        for now, before in review.moves
    ]
    if not rows:
        rows = [("没有会员变动分层", "", "", "", "")]
    return _table("变动最多", ("变动", "本月", "占期初", "上月", "占期初"), rows, (36, 13, 13, 13))


def _matrix(review: Review) -> list[Any]:
    """From which stage to which, with the share of the row below each count."""
    matrix, codes = review.matrix, [stage.value for stage in reviewing.STAGES]
    rows, colours = [["期初＼期末", *(STAGES[code] for code in codes), "合计"]], []
    for number, old in enumerate([*codes, *([NOWHERE] if matrix.stood_first(NOWHERE) else [])], start=1):
        cells = [matrix.cell(old, new) for new in codes]
        told = [f"{cell.members:,}\n{filters.share_text(cell.share)}" if cell.members else "·" for cell in cells]
        rows.append([STAGES.get(old, "新出现"), *told, f"{matrix.stood_first(old):,}"])
        places = [((column, number), cell) for column, cell in enumerate(cells, start=1) if cell.members]
        colours += [("BACKGROUND", place, place, _CELLS[cell.direction]) for place, cell in places]
    first = 19 * mm
    widths = [first, *[(2 * _HALF + _GAP - first) / (len(codes) + 1)] * (len(codes) + 1)]
    style = [
        *_quiet(from_column=1, size=7),
        ("ALIGN", (1, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEADING", (0, 0), (-1, -1), 8.5),
        *colours,
    ]
    title = f"分层迁移：{matrix.first} 到 {matrix.second}，人数和占期初该层的比例"
    return [_text(title, size=10, font=BOLD), Spacer(0, 1 * mm), Table(rows, widths, style=style), Spacer(0, 3 * mm)]


def _table(
    title: str,
    heads: Row,
    rows: Sequence[Row],
    widths_mm: Sequence[float],
    *,
    from_column: int = 1,
    last_colours: Sequence[Any] = (),
) -> list[Any]:
    """A quiet table below its title; the last column takes what is left of half a sheet."""
    widths = [width * mm for width in widths_mm]
    widths.append(_HALF - sum(widths))
    cells = [[fitted(text, _SIZE, width - 3, REGULAR) for text, width in zip(row, widths, strict=True)] for row in rows]
    style = [
        *_quiet(from_column=from_column, size=_SIZE),
        *(("TEXTCOLOR", (-1, row), (-1, row), colour) for row, colour in enumerate(last_colours, start=1)),
    ]
    return [
        _text(title, size=10, font=BOLD),
        Spacer(0, 1 * mm),
        Table([list(heads), *cells], widths, style=style),
        Spacer(0, 4 * mm),
    ]


def _quiet(*, from_column: int, size: float) -> list[tuple[Any, ...]]:
    """A line below each row, numbers to the right."""
    return [
        ("FONT", (0, 0), (-1, -1), pdf_font(REGULAR), size),
        ("TEXTCOLOR", (0, 0), (-1, 0), _GREY),
        ("TEXTCOLOR", (0, 1), (-1, -1), _INK),
        ("BACKGROUND", (0, 0), (-1, 0), _GROUND),
        ("ALIGN", (from_column, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        *((name, (0, 0), (-1, -1), 1.5) for name in ("LEFTPADDING", "RIGHTPADDING")),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]


def _note() -> Paragraph:
    return _text(
        "扫码入会率占打开入口码的次数；来的当天入会的，算访客入会，不计访客的进入和离开。"
        "月份结束后 31 天内补录的消费和到店仍会计入指标，之后不再变；分层人数按当天记录。",
        size=7.5,
        colour=_GREY,
    )


def _text(words: str, *, size: float = 9, font: str = REGULAR, colour: Any = _INK) -> Paragraph:
    style = ParagraphStyle(
        f"{font}{size}", fontName=pdf_font(font), fontSize=size, leading=size * 1.45, textColor=colour, wordWrap="CJK"
    )
    return Paragraph(words.replace("&", "&amp;").replace("<", "&lt;"), style)


def _change(by: int) -> str:
    return filters.signed(by) if by else "0"


def _rate(step: Step) -> str:
    return filters.share_text(step.share)


def _days(step: Step) -> str:
    return "—" if step.median_days is None else f"{step.median_days:g} 天"
