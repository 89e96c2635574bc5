"""What people see of a deployment's data: the same questions, asked of a release before and after an upgrade.

Everything is asked over HTTP, as members, staff and merchants ask it; only sums are read from the tables, by columns
that stay. Nothing of the product is imported, so that the module runs with every release. The caller holds the clock.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openpyxl
import psycopg
from flask.testing import FlaskClient

from tests.migrations.pages import find_more, read_page

Answers = dict[str, Any]
OpenClient = Callable[[], FlaskClient]

PASSWORD = "Huitou2026"  # of the demo
ADMINISTRATOR = "13900000001"
MANAGER = "13900000011"
MALLS = ("YH", "YT", "CJ")
# Addresses below a mall's in the console, each a list of any length.
PAGES = """
    /audit /points /members /entrances /campaigns /campaigns/grants /messages /messages/rules /parking /parking/payments
    /parking/tariffs /parking/car-parks /purchases /purchases/inbox /redemptions /settlement /contracts /stores
    /stores/merchants /staff /machines
"""
# Behind rows of those lists: one contract, one message, one car park, one closed month.
DETAILS = re.compile(r'href="(/console/[A-Z]+/(?:contracts/[\w-]+|messages/\d+-\d+|parking/car-parks/[\w-]+))"')
STATEMENT = re.compile(r'href="(/console/[A-Z]+/settlement/statements/[\w-]+)"')
MONTH = re.compile(r'href="(/console/[A-Z]+/settlement/\d{4}-\d\d)"')
MEMBER = re.compile(r'href="(/console/[A-Z]+/members/[0-9a-f]{32})"')
TABS = ("", "?tab=coupons", "?tab=points", "?tab=growth")
MOST_MEMBERS = 2  # per mall, whose four tabs are read in the console
MEMBER_LISTS = ("points", "coupons?status=usable", "coupons?status=used", "coupons?status=expired")
MEMBER_PAGES = ("", "/tasks", "/plates", "/parking", "/leaving")
EVERY = 8  # so many members' pages are as good as all of them
# Sums of the tables that money and points rest on.
SUMS = {
    "points": "SELECT member_id, count(*), sum(points) FROM points_entries GROUP BY 1 ORDER BY 1",
    "lots": "SELECT member_id, count(*), sum(points), sum(remaining_points), max(expires_on)::text FROM points_lots"
    " GROUP BY 1 ORDER BY 1",
    "growth": "SELECT member_id, count(*), sum(growth) FROM growth_entries GROUP BY 1 ORDER BY 1",
    "coupons": "SELECT member_id, status, count(*) FROM coupons GROUP BY 1, 2 ORDER BY 1, 2",
    "books": "SELECT mall_id, merchant_id, first_open_day::text FROM books ORDER BY 1, 2",
    "postings": "SELECT mall_id, merchant_id, kind, count(*), sum(base_fen), sum(points), sum(amount_fen),"
    " count(reverses_id) FROM postings GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "postings by day": "SELECT accounting_day::text, business_day::text, count(*), sum(amount_fen) FROM postings"
    " GROUP BY 1, 2 ORDER BY 1, 2",
    "statements": "SELECT statement_no, status, posting_count, amount_fen FROM statements ORDER BY 1",
}


def gather(open_client: OpenClient, database_url: str, tokens: Mapping[str, str]) -> Answers:
    """All answers, as plain data. `tokens` are member sessions by the member's number."""
    staff = Console(open_client(), "/console", ADMINISTRATOR)
    pages = {mall: staff.read_mall(mall) for mall in MALLS}
    return {
        "members": {number: read_member(open_client(), number, token) for number, token in tokens.items()},
        "console": pages,
        "statements": {path: staff.read_pages(path) for path in staff.statements},
        "downloads": {path: staff.read_downloads(path) for path in staff.list_downloads()},
        "portal": read_portal(open_client()),
        "sums": read_sums(database_url),
    }


def read_member(client: FlaskClient, number: str, token: str) -> Answers:
    """Points with their history and all coupons; of every second member the document of own data, too."""
    headers = {"Authorization": f"Bearer {token}"}

    def ask(path: str) -> Any:
        answer = client.get(f"/api/v1/members/me{path}", headers=headers, buffered=True)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json

    found = {path: list(_pages(ask, path)) for path in MEMBER_LISTS}
    if int(number) % 2 == 0:
        found["/data"] = ask("/data")
        payments = found["/data"]["parking_payments"]
        found["payments"] = [ask(f"/parking/payments/{one['id']}") for one in payments]
    if int(number) % EVERY == 0:
        found |= {path: ask(path) for path in MEMBER_PAGES}
    return found


def _pages(ask: Callable[[str], Any], path: str) -> Iterator[Any]:
    """Every page of a list, without its marks."""
    sign = "&" if "?" in path else "?"
    cursor = ""
    while cursor is not None:
        page = ask(f"/{path}{sign}limit=50{cursor and f'&cursor={cursor}'}")
        cursor = page.pop("next_cursor")
        yield page


class Console:
    """Somebody of the staff, signed in; remembers the statements and months that were named on the way."""

    def __init__(self, client: FlaskClient, portal: str, phone: str) -> None:
        self.client = client
        self.statements: dict[str, None] = {}
        self.months: dict[str, None] = {}
        page = client.get(f"{portal}/sign-in").text
        token = re.search(r'name="csrf-token" content="([0-9a-f]{64})"', page)
        assert token is not None, page[:500]
        form = {"phone": phone, "password": PASSWORD, "csrf_token": token[1]}
        assert client.post(f"{portal}/sign-in", data=form).status_code == 303

    def read_mall(self, mall: str) -> Answers:
        """Every list of the mall, and what lies behind the rows of some."""
        base = f"/console/{mall}"
        found: Answers = {}
        behind: dict[str, None] = {}
        members: dict[str, None] = {}
        for path in ("", *PAGES.split()):
            html = self._list(base + path)
            found[path or "overview"] = [read_page(page) for page in html]
            text = "".join(html)
            months = dict.fromkeys(MONTH.findall(text))
            self.months |= months
            behind |= dict.fromkeys(DETAILS.findall(text)) | months
            members |= dict.fromkeys(MEMBER.findall(text))
        behind |= {member + tab: None for member in list(members)[:MOST_MEMBERS] for tab in TABS}
        for path in behind:
            html = self._list(path)
            found[path] = [read_page(page) for page in html]
            self.statements |= dict.fromkeys(STATEMENT.findall("".join(html)))
        return found

    def list_downloads(self) -> list[str]:
        """Every closed month, and one statement of each mall."""
        first = {path.split("/")[2]: path for path in reversed(self.statements)}
        return [*self.months, *first.values()]

    def read_downloads(self, path: str) -> Answers:
        """The rows of a month's or a statement's two downloads."""
        return {"csv": read_csv(self.ask(f"{path}.csv")), "xlsx": read_xlsx(self.ask(f"{path}.xlsx"))}

    def read_pages(self, path: str) -> list[list[list[str]]]:
        """What stands on the page and on those behind its "more"."""
        return [read_page(page) for page in self._list(path)]

    def _list(self, path: str) -> list[str]:
        """The page and those behind its "more"."""
        pages = []
        following: str | None = path
        while following is not None:
            pages.append(self.ask(following).decode())
            following = find_more(pages[-1])
        return pages

    def ask(self, path: str) -> bytes:
        answer = self.client.get(path, buffered=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.data


def read_portal(client: FlaskClient) -> Answers:
    """What the manager of a merchant sees of statements."""
    manager = Console(client, "/portal", MANAGER)
    listed = manager.ask("/portal/statements").decode()
    numbers = re.findall(r'href="/portal/statements/([\w-]+)"', listed)
    return {"stands": "已结清" in listed} | {
        number: {"csv": read_csv(manager.ask(f"/portal/statements/{number}.csv"))} for number in dict.fromkeys(numbers)
    }


def read_csv(data: bytes) -> list[list[str]]:
    """Rows of a download."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> dict[str, list[list[Any]]]:
    """Rows of every sheet; dates as text."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return {
        sheet.title: [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def read_sums(database_url: str) -> Answers:
    """Sums of the tables, row by row."""
    with psycopg.connect(database_url) as connection:
        return {
            name: [[_whole(value) for value in row] for row in connection.execute(query)]  # type: ignore[arg-type]
            for name, query in SUMS.items()
        }


def _whole(value: object) -> object:
    return value if value is None or isinstance(value, str) else int(str(value))
