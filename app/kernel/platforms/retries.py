"""Trying again inside one call: pauses that grow, and differ from process to process. Queues have their own."""

import random
import time
from collections.abc import Iterator


def attempts(most: int, *, first_pause_s: float = 0.0) -> Iterator[bool]:
    """Yield once per try, at most so often, whether it is the last; pause before every try but the first.

    `first_pause_s` doubles from try to try. Each pause is half as long to half as long again, so that processes which
    failed together do not come back together.
    """
    for number in range(most):
        if number:
            time.sleep(first_pause_s * 2 ** (number - 1) * random.uniform(0.5, 1.5))  # noqa: S311
        yield number == most - 1
