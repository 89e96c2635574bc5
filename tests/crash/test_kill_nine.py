"""kill -9 of web, jobs or PostgreSQL at any moment loses nothing acknowledged and doubles nothing."""

import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import psycopg
import pytest
import requests

from tests.crash import invariants
from tests.crash.clients import Book, Client, Pos, Till, WalkedAway, join, pay_parking
from tests.support import kept, stacks
from tests.support.patience import PATIENCE_S
from tests.support.stacks import Stack

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]

SEED = 20_261_122
KILLS = 10
WORDS_BETWEEN = (1, 15)  # so many acknowledgements come between one death and the next
MORNING = 11  # reminders may go out
# Which process dies, by the words of its command line; the last two are one worker of many, by its master.
VICTIMS = {"web": "-m rsgi", "jobs": "jobs run", "PostgreSQL": "-D ", "web worker": "-m rsgi", "backend": "-D "}


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A durable stack of its own: what it says is committed is on the disk."""
    with stacks.open_stack("--no-demo", offset=stacks.offset_to(MORNING)) as stack:
        yield stack


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(stack: Stack) -> None:
    environment = stack.environment()
    facts = prepare(environment)
    book, ended = Book(), threading.Event()
    with ThreadPoolExecutor() as pool:
        working = [pool.submit(work) for work in loads(stack, facts, book, ended)]
        try:
            deaths = kill_at_random(stack, book, random.Random(SEED))
        finally:
            ended.set()
        for done in working:
            done.result(stacks.PATIENCE_SECONDS)
    stacks.wait_until(stack.is_ready)
    assert len(deaths) == KILLS and set(deaths) == set(VICTIMS)
    assert sorted(set(book.refused)) == []
    assert book.lost > 0 and book.told() > KILLS
    assert set(book.acknowledged) == {"join", "redemption", "receipt", "payment", "gate"}
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        invariants.hold(connection, book, shown_on_phones(stack, facts["people"]))


def prepare(environment: dict[str, str]) -> dict[str, Any]:
    """The mall, its people and their things, made in a process with the stack's own secrets."""
    done = kept.run("tests.crash.prepare", environment=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def loads(stack: Stack, facts: dict[str, Any], book: Book, ended: threading.Event) -> list[Callable[[], None]]:
    """What goes on meanwhile: five clients, each doing one thing after another until it is told to end."""
    secrets = stack.secrets()

    def client(number: int) -> Client:
        return Client(stack, book, random.Random(SEED + number), ended)

    till = Till(client(1))
    till.sign_in(facts["clerk"])
    pos = Pos(client(2), secrets["SANDBOX_POS_ID"], secrets["SANDBOX_POS_SECRET"])
    gate = Pos(client(3), secrets["SANDBOX_GATE_ID"], secrets["SANDBOX_GATE_SECRET"])
    shopper, driver = client(4), client(5)
    cards = itertools.cycle(facts["cards"])

    def repeat(act: Callable[..., None], arguments: Iterator[tuple[Any, ...]]) -> Callable[[], None]:
        def work() -> None:
            for one in arguments:
                if ended.wait(0.05):
                    return
                try:
                    act(*one)
                except WalkedAway:
                    continue

        return work

    return [
        repeat(till.redeem, ((code,) for code in facts["coupons"])),
        repeat(pos.sell, ((facts["store_code"], next(cards), number) for number in itertools.count())),
        repeat(gate.let_in, ((number,) for number in itertools.count())),
        repeat(join, ((shopper, facts["scene"], number) for number in itertools.count())),
        repeat(pay_parking, ((driver, one) for one in facts["drivers"])),
    ]


def kill_at_random(stack: Stack, book: Book, chance: random.Random) -> list[str]:
    """Kills one process after another, each after clients were told so much more."""
    names = [name for name, _ in zip(itertools.cycle(VICTIMS), range(KILLS), strict=False)]
    chance.shuffle(names)
    for name in names:
        enough = book.told() + chance.randint(*WORDS_BETWEEN)
        stacks.wait_until(lambda enough=enough: book.told() >= enough)
        stacks.wait_until(lambda name=name: kill(stack, name, chance))
    return names


def kill(stack: Stack, name: str, chance: random.Random) -> bool:
    """Kills the process, or one of its workers; False when there is none at the moment."""
    try:
        victim = stack.child(VICTIMS[name])
        if victim is None:
            return False
        if name in ("web worker", "backend"):
            workers = victim.children()
            if not workers:
                return False
            victim = chance.choice(workers)
        victim.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def shown_on_phones(stack: Stack, people: list[str]) -> list[int]:
    """How many reminders each person of the sandbox has been shown."""
    with requests.Session() as session:
        session.trust_env = False
        url = f"{stack.sandbox_url}/phone/api/people/{{}}/messages?channel=subscribe"
        return [len(session.get(url.format(person), timeout=PATIENCE_S).json()["items"]) for person in people]
