"""Figures: medians of alternated repeats, each beside its limit, printed as JSON lines."""

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from script.supervisor.errors import Stop

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: the figure itself, and CPU microseconds per unit of work where that was counted."""

    value: float
    cpu_us: float | None = None


def alternate(*measures: Callable[[], Sample], repeats: int = REPEATS) -> list[list[Sample]]:
    """Runs the measures in turn, `repeats` rounds, so that a noisy moment hits all alike; the samples of each."""
    rounds = [[measure() for measure in measures] for _ in range(repeats)]
    return [list(samples) for samples in zip(*rounds, strict=True)]


def median(samples: Sequence[Sample]) -> float:
    """The median of the samples' values; raises Stop when one of them is no measurement."""
    values = [sample.value for sample in samples]
    if not values or any(value <= 0 for value in values):
        raise Stop(f"a repeat measured nothing: {values}")
    return statistics.median(values)


def report(
    name: str, measured: Sequence[Sample], limit: Sequence[Sample], *, unit: str, scale: dict[str, Any] | None = None
) -> float:
    """Prints one figure beside its limit, both medians, and returns the ratio of value to limit."""
    value, bound = median(measured), median(limit)
    line = {
        "name": name,
        "scale": scale or {},
        "value": _rounded(value),
        "unit": unit,
        "limit": _rounded(bound),
        "ratio": _rounded(value / bound),
        "repeats": len(measured),
        "cpu_us": _median_cpu(measured),
        "limit_cpu_us": _median_cpu(limit),
        "values": [_rounded(sample.value) for sample in measured],
        "limits": [_rounded(sample.value) for sample in limit],
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return value / bound


def say(text: str) -> None:
    """A word on what goes on, beside the figures."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _median_cpu(samples: Sequence[Sample]) -> float | None:
    known = [sample.cpu_us for sample in samples if sample.cpu_us is not None]
    return _rounded(statistics.median(known)) if known else None


def _rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")
