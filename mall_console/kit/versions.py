"""Pages of settings with effective dates: how a list of versions stands, the form for a new one, taking one back.

A page of a setting by day publishes and withdraws by its `Setting`; one by moment, or whose versions the audit log
keeps under something else (a car park, a merchant), by `submit`.

`console/_versions.html` has the macros that show them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.versions import FromDay, FromMoment
from app.web.forms import fields, forms, written
from app.web.pages import pages
from mall_console.kit.workspace import Workspace

V = TypeVar("V", bound=FromMoment | FromDay)
D = TypeVar("D", bound=FromDay)
D_co = TypeVar("D_co", bound=FromDay, covariant=True)

COMING, IN_FORCE, REPLACED = "coming", "in_force", "replaced"
# The day of what an installation begins with, which has always held.
SINCE_EVER = date(2000, 1, 1)


class NewVersion(forms.Form):
    """What every form for a new version begins with."""

    effective_from = fields.Day("生效日期", earliest=fields.TOMORROW)

    @staticmethod
    def start() -> date:
        """The day that the form begins with."""
        return written.in_days(fields.TOMORROW)


@dataclass(frozen=True, slots=True)
class Listed(Generic[V]):
    """A version as a list shows it: from which day on, how it stands, and whether it can still be taken back."""

    version: V
    day: date
    standing: str
    can_go: bool

    @property
    def since(self) -> str:
        """From when on it holds, in words."""
        return "系统启用起" if self.day == SINCE_EVER else f"{self.day} 起"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was done to a version, for the audit log (`subject`, `facts`) and for the person (`said`).

    One that was there already and says the same is no change (`is_change`).
    """

    subject: str
    day: date
    facts: Mapping[str, Any]
    said: str
    merchant_id: int | None = None
    is_change: bool = True


class Withdraw(Protocol[D_co]):
    """Takes back the version of this number, and returns what it said."""

    def __call__(self, version_id: int, /, *, now: datetime) -> D_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting by day, for the verbs of its page: what the audit log calls its versions and what is done to them.

    `path` leads from a mall's pages to its own, where everybody is sent back to.
    """

    kind: str
    publish_action: str
    withdraw_action: str
    path: str

    def publish(
        self,
        workspace: Workspace,
        typed: Mapping[str, Any],
        act: Callable[[datetime], D],
        *,
        facts: Callable[[D], Mapping[str, Any]],
        said: str,
    ) -> ResponseReturnValue:
        """Let the version that `act` publishes hold; `said` tells the person, with its day in braces."""

        def change(now: datetime) -> Changed:
            version = act(now)
            return self._changed(version, facts(version), said, is_change=version.is_new)

        return submit(workspace, self.publish_action, typed, change, back=f"{workspace.base}{self.path}")

    def withdraw(
        self,
        workspace: Workspace,
        version_id: int,
        verb: Withdraw[D],
        *,
        facts: Callable[[D], Mapping[str, Any]],
        said: str,
    ) -> ResponseReturnValue:
        """Take back the version by the package's verb; as `publish`."""

        def change(now: datetime) -> Changed:
            version = verb(version_id, now=now)
            return self._changed(version, facts(version), said, is_change=True)

        typed = {"version": version_id}
        return submit(workspace, self.withdraw_action, typed, change, back=f"{workspace.base}{self.path}")

    def _changed(self, version: FromDay, facts: Mapping[str, Any], said: str, *, is_change: bool) -> Changed:
        day = version.effective_from
        subject = f"{self.kind}:{version.id}"
        return Changed(subject=subject, day=day, facts=facts, said=said.format(day), is_change=is_change)


def history(found: Sequence[V], *, now: date, default: Any) -> dict[str, Any]:
    """What a page shows of versions (the latest first), and of the `default` that holds before all of them."""
    has_begun = any(one.effective_from <= now for one in found)
    return {
        "listed": listed(found, now=now, begun=now),
        "default": default,
        "default_standing": REPLACED if has_begun else IN_FORCE,
    }


def listed(found: Sequence[V], *, now: date, begun: date) -> list[Listed[V]]:
    """Versions (the latest first) as they stand at a moment or on a day; what starts after `begun` can go."""
    in_force = next((one for one in found if one.effective_from <= now), None)
    return [
        Listed(
            one,
            _day(one.effective_from),
            COMING if one.effective_from > now else IN_FORCE if one is in_force else REPLACED,
            one.effective_from > begun,
        )
        for one in found
    ]


def submit(
    workspace: Workspace,
    action: str,
    typed: Mapping[str, Any],
    change: Callable[[datetime], Changed],
    *,
    back: str,
) -> ResponseReturnValue:
    """Publish or take back a version once, write it down, say it, and go back to the list."""

    def act() -> str:
        now = clock.now()
        done = change(now)
        facts = {"effective_from": done.day.isoformat(), **done.facts}
        if done.is_change:
            workspace.record(action, done.subject, now=now, facts=facts, merchant_id=done.merchant_id)
        pages.say(done.said)
        return back

    return pages.submit(workspace.who, typed, act)


def _day(start: date) -> date:
    return clock.business_date(start) if isinstance(start, datetime) else start
