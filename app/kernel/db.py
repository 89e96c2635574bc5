"""The database: the session, the base of all tables, and `atomic`, the only place that commits."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, Pool, Table, Text, event, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import PoolResetState
from sqlalchemy.types import TypeDecorator

from app.kernel import errors
from app.kernel.distribution.placement import Placement

logger = logging.getLogger(__name__)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Lock order everywhere: turn of a merchant (receipts), member, coupon, points account, parking session, book, stock
# bucket; ascending id in a kind.
CONNECTION_OPTIONS = (
    "-c lock_timeout=3000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
    # Starting PostgreSQL's parallel workers costs more than all that a page reads; what reads for long still gets them.
    " -c parallel_setup_cost=50000"
)
SCHEMA_LOCK = 7_203_114  # the advisory lock of whoever changes the schema: migrations, and placing of tables
_BUSY_STATES = {"55P03", "40P01", "40001", "57014"}
_QUOTED = re.compile('"([^"]+)"')


class Moment(TypeDecorator[datetime]):
    """A timestamptz that refuses naive values and always comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The base of every table. Common types: text without length limits, moments in UTC, bigint whole numbers."""

    __placement__: ClassVar[Placement]  # where its rows live on a distributed database; every table says it

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        datetime: Moment,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }


# Tables derive from our own typed base; Flask-SQLAlchemy contributes the session and the engine of an application.
db = SQLAlchemy(metadata=Model.metadata, session_options={"autoflush": False})


def identity_column(*, primary_key: bool = True) -> Mapped[int]:
    """A bigint numbered by the database."""
    return mapped_column(BigInteger, Identity(), primary_key=primary_key)


def table_of(model: type[Model]) -> Table:
    """The plain table of a model, for statements that write many rows or are built once as constants of a module."""
    return cast(Table, model.__table__)


@contextmanager
def atomic() -> Iterator[None]:
    """One unit of work: commits at the end, rolls back on any exception.

    Raises Busy when the database gave up waiting for a lock or chose this transaction as a deadlock's victim.
    """
    session = db.session()
    if "atomic" in session.info:
        raise ValueError("atomic() does not nest: only the edge opens it")
    session.info["atomic"] = True
    try:
        yield
        if session.in_transaction():  # committing nothing costs as much as a statement
            session.commit()
    except DBAPIError as error:
        session.rollback()
        if sqlstate(error) in _BUSY_STATES:
            raise errors.Busy from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("atomic", None)


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read in the block is of one moment, however long it takes; nothing can be written.

    The transaction begins with the block. Inside of somebody else's it reads what that one sees.
    """
    session = db.session()
    if is_atomic():
        raise ValueError("what is read of one moment is no part of a unit of work")
    end_reading()
    connection = session.connection()
    if not connection.in_nested_transaction():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    end_reading()


@contextmanager
def limit_statements(*, most_ms: int) -> Iterator[None]:
    """Let each statement of the block take so long, where others are cancelled later or sooner."""
    usual = db.session.scalar(text("SHOW statement_timeout"))
    db.session.execute(text(f"SET LOCAL statement_timeout = {int(most_ms)}"))
    yield
    db.session.execute(text("SELECT set_config('statement_timeout', :usual, true)"), {"usual": usual})


def is_atomic() -> bool:
    """Whether the caller is inside `atomic`."""
    return "atomic" in db.session().info


def wait_for_locks(*, most_ms: int) -> None:
    """Let the transaction at hand wait so long for a lock, where others give up sooner.

    For what has to happen although others are busy; nobody waits longer than a statement may take.
    """
    db.session.execute(text(f"SET LOCAL lock_timeout = {int(most_ms)}"))


def take_long() -> None:
    """Let the transaction at hand take half an hour, much memory and several processors, for what looks at every row.

    An index that is read from end to end costs what its pages cost in a row, not each by itself.
    """
    settings = {
        "statement_timeout": "30min",
        "lock_timeout": "5min",
        "work_mem": "256MB",
        "random_page_cost": "1.1",
        "default_statistics_target": "10",
        "parallel_setup_cost": "5000",
        "parallel_tuple_cost": "0.01",
        "enable_parallel_hash": "off",  # would share memory that containers have little of
    }
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))


@contextmanager
def plan_for_values() -> Iterator[None]:
    """Let the statements of the block be planned for the values they get, each time.

    A statement that was run ten times is planned once for all values, and an array counts as ten of them: what writes
    batches of thousands would compare each with each. The server's own setting for that would plan the look-up of every
    foreign key anew as well.
    """
    link = cast(psycopg.Connection[Any], db.session.connection().connection.driver_connection)
    usual, link.prepare_threshold = link.prepare_threshold, None
    try:
        yield
    finally:
        link.prepare_threshold = usual


@contextmanager
def join_in_order() -> Iterator[None]:
    """Let the statements of the block merge rows that indexes give in order, where others would hash everybody's."""
    db.session.execute(text("SET LOCAL enable_hashjoin = off"))
    yield
    db.session.execute(text("SET LOCAL enable_hashjoin = on"))


@contextmanager
def in_one_process() -> Iterator[None]:
    """Let the statements of the block run without parallel workers, of which each would sum up for most of the groups.

    For what adds up many rows by member: to merge such sums costs more than the workers save.
    """
    db.session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    yield
    db.session.execute(text("SET LOCAL max_parallel_workers_per_gather TO DEFAULT"))


def wait_for_others() -> None:
    """Let the transaction at hand send nothing for half an hour, while others do their part of the same work."""
    db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '30min'"))


@contextmanager
def look_up_each() -> Iterator[None]:
    """Let the statements of the block find the rows of a list one by one by their key, where others would read all.

    For lists of a few in a hundred rows of a table that is mostly in memory, which the planner does not know.
    """
    db.session.execute(text("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"))
    yield
    db.session.execute(text("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"))


def end_reading() -> None:
    """Let a transaction that only reads end here, because its request is about to wait for somebody else.

    What was read stays in the session as it was read. `atomic`, which waits for nobody, goes on.
    """
    session = db.session()
    if is_atomic() or not session.in_transaction():
        return
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True


@event.listens_for(Pool, "reset")
def _end_what_was_begun(link: Any, record: object, state: PoolResetState) -> None:
    """What the pool's own resetting does when a connection comes back, without its cost where nothing was begun."""
    if not state.transaction_was_reset and link.pgconn.transaction_status != TransactionStatus.IDLE:
        link.rollback()


def let_go(error: BaseException | None = None) -> None:
    """End the session of a request or a job, whose `error` is none of this function's business.

    What was to stay is committed by now: a connection that is found lost here must not cost the answer.
    """
    try:
        db.session.remove()
    except DBAPIError as loss:
        logger.warning("connection lost at the end", extra={"error": type(loss.orig).__name__})
        db.session.remove()


def add_unless_taken(row: Model, key: str, taken: errors.DomainError) -> None:
    """Insert a row whose unique key may be somebody's; raises `taken` then, and the rest of the unit of work stands."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if violates(error, key):
            raise taken from error
        raise


def sqlstate(error: DBAPIError) -> str | None:
    """The five-character state the database gave with an error."""
    return getattr(error.orig, "sqlstate", None)


def violates(error: IntegrityError, constraint_prefix: str) -> bool:
    """Whether the integrity error was raised by a constraint whose name begins so.

    On a distributed database the name ends in the shard's number, and an error of another machine bears it in its
    message only, in quotes.
    """
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    names = [name] if name else _QUOTED.findall(str(error.orig).partition("\n")[0])
    return any(found.startswith(constraint_prefix) for found in names)
