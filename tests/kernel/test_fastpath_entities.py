"""Objects for rows that prepared statements read and write: the session knows them, and has nothing to write itself."""

from sqlalchemy import bindparam, insert, select, update

from app.kernel.db import atomic, db, table_of
from app.kernel.fastpath import entities, savepoints
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.models import Heartbeat
from tests.support.clock import START

BEATS = table_of(Heartbeat)
WRITE = Prepared(insert(BEATS).values({name: bindparam(name) for name in ("worker", "beat_at", "facts")}))
AT = select(BEATS).where(BEATS.c.worker == bindparam("worker"))
READ, READ_AGAIN = PreparedEntities(Heartbeat, AT), PreparedEntities(Heartbeat, AT, refresh=True)
CHANGE = Prepared(update(BEATS).where(BEATS.c.worker == bindparam("one")).values(facts=bindparam("facts")))


def beat(worker: str) -> dict[str, object]:
    return {"worker": worker, "beat_at": START, "facts": {"n": 1}}


def kept() -> dict[str, object]:
    return {row.worker: row.facts for row in db.session.execute(select(BEATS))}


def test_a_row_that_was_read_is_the_sessions_object() -> None:
    with atomic():
        WRITE.run(**beat("a"))
        found = READ.first(worker="a")
        assert found is db.session.get(Heartbeat, "a")
        assert (found.beat_at, found.facts) == (START, {"n": 1})
        assert READ.all(worker="a") == [found]
        assert READ.first(worker="nobody") is None
        assert not db.session.dirty


def test_an_object_that_is_held_stays_as_it_is_unless_it_is_to_be_refreshed() -> None:
    with atomic():
        WRITE.run(**beat("a"))
        held = db.session.get(Heartbeat, "a")
        CHANGE.run(one="a", facts={"n": 2})
        assert READ.first(worker="a") is held
        assert held.facts == {"n": 1}
        assert READ_AGAIN.first(worker="a") is held
        assert held.facts == {"n": 2}
    assert READ.first(worker="a") is held  # a commit makes what is held old
    assert held.facts == {"n": 2}


def test_a_change_of_a_read_object_is_written() -> None:
    with atomic():
        WRITE.run(**beat("a"))
        READ.first(worker="a").facts = {"n": 3}
    assert kept() == {"a": {"n": 3}}


def test_an_adopted_object_is_written_once_and_shows_what_it_was_amended_by() -> None:
    with atomic():
        WRITE.later(beat("a"))
        adopted = entities.adopt(Heartbeat(**beat("a")))
        CHANGE.later({"one": "a", "facts": {"n": 4}})
        entities.amend(adopted, facts={"n": 4})
        assert adopted.facts == {"n": 4}
        assert not db.session.dirty
    assert kept() == {"a": {"n": 4}}


def test_a_savepoint_that_is_undone_leaves_what_was_before_it() -> None:
    with atomic():
        WRITE.later(beat("before"))
        savepoints.take()
        WRITE.run(**beat("undone"))
        savepoints.undo()
        savepoints.take()
        WRITE.run(**beat("kept"))
        savepoints.keep()
        WRITE.later(beat("after"))
    assert set(kept()) == {"before", "kept", "after"}
