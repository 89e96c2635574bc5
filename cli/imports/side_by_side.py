"""Parts of one large piece of work, done by several processes at once: a part is a transaction of its own.

A process that has lost its parent ends with the part it is at, because nobody takes what it tells.
"""

import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


class PartFailed(Exception):
    """A part could not be done; the text is what its process said last."""


def each_part(
    parts: Sequence[T], work: Callable[[T], Counter[str]], *, workers: int, let_go: Callable[[], None]
) -> Iterator[Counter[str]]:
    """What each part came to, as they are done; raises PartFailed when a process of its own failed with one.

    Processes are forked: they find the application as it stands, after `let_go` has closed what they may not share.
    """
    if workers < 2 or len(parts) < 2:
        yield from map(work, parts)
        return
    let_go()
    done = 0
    for told in _told(_start(parts, work, workers)):
        if isinstance(told, str):
            raise PartFailed(told)
        done += 1
        yield told
    if done < len(parts):
        raise PartFailed("a process ended early")


def _start(parts: Sequence[T], work: Callable[[T], Counter[str]], workers: int) -> list[Connection]:
    context, readers = get_context("fork"), list[Connection]()
    for number in range(workers):
        reader, writer = context.Pipe(duplex=False)
        readers.append(reader)
        mine = parts[number::workers]
        context.Process(target=_work, args=(mine, work, writer, list(readers)), daemon=True).start()
        writer.close()
    return readers


def _work(parts: Sequence[T], work: Callable[[T], Counter[str]], writer: Connection, readers: list[Connection]) -> None:
    for reader in readers:  # else the pipe would outlive the parent
        reader.close()
    try:
        for part in parts:
            writer.send(work(part))
    except BrokenPipeError:
        return
    except Exception:
        writer.send(traceback.format_exc())


def _told(readers: list[Connection]) -> Iterator[Counter[str] | str]:
    left = list(readers)
    while left:
        ready = connection.wait(left)
        for reader in [one for one in left if one in ready]:
            try:
                yield reader.recv()
            except EOFError:
                left.remove(reader)
