"""The bench of requests: the twenty run, each with its count, and the page takes the table."""

import pytest

from script.benches import requests
from script.benches.support.wire import Traffic
from script.supervisor.errors import Stop
from tests.script.conftest import MIGRATED, same_ground


@same_ground
def test_the_twenty_run_and_redeeming_takes_three_round_trips(bench):
    counted = requests.rehearse(bench, MIGRATED)
    assert len(counted) == 20
    assert all(one.statements > 0 and one.round_trips > 0 for one in counted.values())
    assert counted["POST /portal/api/redemptions"] == Traffic(statements=3, round_trips=3)


def test_the_page_names_the_twenty(tmp_path):
    page = tmp_path / "benches.md"
    page.write_text(requests.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    requests.write(page, [("GET /a", Traffic(1, 3)), ("GET /b", Traffic(2, 4))])
    text = page.read_text(encoding="utf-8")
    assert "| `GET /a` | 1 | 3 |\n| `GET /b` | 2 | 4 |\n" in text
    assert "## Requests" in text
    assert requests.PAGE.read_text(encoding="utf-8").count("| `POST /portal/api/redemptions` |") == 1


def test_a_page_without_a_place_is_told(tmp_path):
    page = tmp_path / "other.md"
    page.write_text("nothing here", encoding="utf-8")
    with pytest.raises(Stop, match="no place"):
        requests.write(page, [])
    assert page.read_text(encoding="utf-8") == "nothing here"
