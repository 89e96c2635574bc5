"""A day's callbacks as cases point at them."""

from collections.abc import Collection

from app.flows.stuck.wording import PLATFORMS
from app.kernel import clock
from app.web.forms import written
from app.wechat.callbacks import troubled
from mall_console.callbacks import callback_list
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace


def _days(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    may_open = workspace.can("callback.view") and callback_list.is_home(workspace)
    return {which: _day(which, may_open) for which in ids}


def _day(which: str, may_open: bool) -> Shown:
    platform, _, text = which.partition(":")
    day = written.find_day(text)
    if day is None or platform not in PLATFORMS:
        return Shown(which)
    count = troubled.count_by_day(platform, since=clock.start_of_day(day), until=clock.end_of_day(day))
    path = f"/callbacks?platform={platform}&day={day}" if may_open else None
    return Shown(f"{PLATFORMS[platform]} {day} 的原文 {count} 条", path)


EVIDENCE = {"callbacks": _days}
