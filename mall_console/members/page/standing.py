"""Where a member stands, why and since when; how they rank by recency, frequency and spend; and what changed before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.identity import queries as identity
from app.kernel import clock
from app.lifecycle.stages import queries, rules
from app.lifecycle.stages.models import NOWHERE, LifecycleCut, MemberStage, Stage, StageChange
from app.lifecycle.stages.models import Activity as ActivityCode
from app.lifecycle.stages.wording import ACTIVITIES, PHASES, STAGES
from mall_console.lifecycle import stories
from mall_console.lifecycle.stage_lists import AT_RISK, TONES

_BEST = 5


@dataclass(frozen=True, slots=True)
class Rank:
    """Recency, frequency and spend with the scores among all who ever bought; scores are None before a first night."""

    recency_days: int
    last_on: date
    purchases: int
    monetary_fen: int
    recency: int | None
    frequency: int | None
    monetary: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A change of where a member stood, in words, with the facts that it rested on.

    `is_former`: under a number that was found to be this member.
    """

    row: StageChange
    old: str
    new: str
    tone: str
    activity: str
    why: str
    is_former: bool

    @property
    def moves(self) -> bool:
        """Whether the stage changed, not the activity alone."""
        return self.row.old_stage != self.row.stage


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a member stands now; `rank` is None for who never bought, `steps` are the latest first."""

    row: MemberStage
    stage: str
    tone: str
    activity: str
    phase: str
    why: str
    rank: Rank | None
    steps: Sequence[Step]

    @property
    def before(self) -> str:
        """The stage before this one, of the member's own number; empty where there was none."""
        return next((one.old for one in self.steps if one.moves and not one.is_former), "")


def read(member_id: int) -> Shown | None:
    """Where the member stands; None for whom no night has counted yet."""
    row = queries.find_standing(member_id)
    if row is None or row.stage == NOWHERE:
        return None
    why = stories.of_standings([row]).get(member_id, "")
    return Shown(
        row=row,
        stage=STAGES[row.stage],
        tone=tone_of(row.stage),
        activity=ACTIVITIES[row.activity],
        phase=PHASES[rules.phase(Stage(row.stage), ActivityCode(row.activity)).value],
        why=why,
        rank=_rank(row),
        steps=[_step(one, of=member_id) for one in queries.list_changes(identity.list_person_ids(member_id))],
    )


def tone_of(stage: str) -> str:
    """The colour of a stage."""
    return TONES.get(stage, AT_RISK)


def stood_on(shown: Shown, day: date) -> str:
    """In which stage the member stood at the end of a day, as was said then; empty where nowhere."""
    later = [one for one in shown.steps if one.row.day > day and one.row.member_id == shown.row.member_id]
    return later[-1].row.old_stage if later else shown.row.stage


def _rank(row: MemberStage) -> Rank | None:
    if row.last_purchase_on is None or not row.purchases:
        return None
    cuts = queries.find_latest_cuts()
    return Rank(
        recency_days=(clock.business_date(clock.now()) - row.last_purchase_on).days,
        last_on=row.last_purchase_on,
        purchases=row.purchases,
        monetary_fen=row.monetary_fen,
        recency=_recency(row.last_purchase_on, cuts),
        frequency=rules.score(row.purchases, cuts.frequency) if cuts and cuts.frequency else None,
        monetary=rules.score(row.monetary_fen, cuts.monetary) if cuts and cuts.monetary else None,
    )


def _recency(last_on: date, cuts: LifecycleCut | None) -> int | None:
    """The fewer days since the last purchase on the day of the cut points, the higher."""
    if cuts is None or not cuts.recency:
        return None
    return _BEST + 1 - rules.score((cuts.day - last_on).days, cuts.recency)


def _step(row: StageChange, *, of: int) -> Step:
    return Step(
        row=row,
        old=STAGES.get(row.old_stage, ""),
        new=STAGES.get(row.stage, "并入本会员"),
        tone=tone_of(row.stage) if row.stage else "plain",
        activity=ACTIVITIES.get(row.activity, ""),
        why=stories.of_change(row),
        is_former=row.member_id != of,
    )
