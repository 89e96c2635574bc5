"""Parts that several processes do at once."""

import os
from collections import Counter

import pytest

from cli.imports.side_by_side import PartFailed, each_part

pytestmark = pytest.mark.no_database


def _count(part: range) -> Counter[str]:
    return Counter(members=len(part), **{f"by {os.getpid()}": 1})


def _fail(part: range) -> Counter[str]:
    raise LookupError(f"nobody makes {part}")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_part_is_done_once(workers: int) -> None:
    parts = [range(2), range(3), range(4), range(5), range(6)]
    made = sum(each_part(parts, _count, workers=workers, let_go=lambda: None), Counter[str]())
    assert made["members"] == 20
    assert len(made) == 1 + workers


def test_what_a_process_could_not_do_is_told() -> None:
    with pytest.raises(PartFailed, match="nobody makes range"):
        list(each_part([range(1), range(2)], _fail, workers=2, let_go=lambda: None))


def test_a_process_that_dies_is_missed() -> None:
    with pytest.raises(PartFailed, match="ended early"):
        list(each_part([range(1), range(2)], lambda part: os._exit(9), workers=2, let_go=lambda: None))
