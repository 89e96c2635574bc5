"""Numbers by which photographs are found in an index: two that share one are laid beside each other.

A key is a choice of signs with its number mixed in. It has 31 bits; of those who share one by chance the signs are
compared anyway.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from app.purchases.photos.strips import Strips

Signs = NDArray[np.bool_]
_SIGNS = 256
_CHOICES, _CHOSEN = 24, 22
_OF_STRIPS, _OF_FILES = 64, 128  # the first numbers of other kinds of keys
_STRIP_SIGNS = (1 << 22) - 1
_MIXED_BY, _APART_BY = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03
_WORD = (1 << 64) - 1


def of_print(print_: str) -> list[int]:
    """Of the signs of a part: another part that lies nearly as this one very likely shares one."""
    bits = np.frombuffer(int(print_, 16).to_bytes(_SIGNS // 8, "little"), dtype=np.uint8)
    return [int(key) for key in of_signs(np.unpackbits(bits, bitorder="little")[None].astype(bool))[0]]


def of_strips(strips: Strips) -> list[int]:
    """Of each strip on which something stands."""
    return [_mixed(_OF_STRIPS + place, signs & _STRIP_SIGNS) for place, signs in enumerate(strips) if signs is not None]


def of_file(digest: str) -> int:
    """Of the file itself."""
    return _mixed(_OF_FILES, int(digest[:12], 16))


def surest(waves: NDArray[np.float64], most: int) -> list[int]:
    """So many keys of parts with such waves, those first whose signs are least likely to be others when saved anew.

    A wave that hardly differs from the middle of its part has a sign that hardly anything turns; most keys hold one.
    """
    strength = np.abs(waves) / np.median(np.abs(waves), axis=1, keepdims=True)
    likely = -np.log1p(np.exp(-_STEEPNESS * strength)) @ _HOLDS
    keys = of_signs(waves > 0)
    if keys.size <= most:
        return sorted({int(key) for key in keys.flat})
    chosen = np.argpartition(-likely, most, axis=None)[:most]
    return sorted({int(key) for key in keys.reshape(-1)[chosen]})


def of_signs(signs: Signs) -> NDArray[np.uint64]:
    """Of each row of signs, as `of_print`."""
    values = signs[:, _PLACES].astype(np.uint64) @ _POWERS + np.arange(_CHOICES, dtype=np.uint64) * np.uint64(_APART_BY)
    keys: NDArray[np.uint64] = values * np.uint64(_MIXED_BY) >> np.uint64(33)
    return keys


def _mixed(number: int, value: int) -> int:
    return ((value + number * _APART_BY) * _MIXED_BY & _WORD) >> 33


def _choice(number: int) -> list[int]:
    """Some of the signs, for ever the same."""
    return sorted(range(_SIGNS), key=lambda place: blake2b(f"{number}:{place}".encode()).digest())[:_CHOSEN]


_PLACES = np.array([_choice(number) for number in range(_CHOICES)])
_POWERS = np.uint64(1) << np.arange(_CHOSEN, dtype=np.uint64)
_HOLDS = (_PLACES[:, :, None] == np.arange(_SIGNS)).any(1).T.astype(np.float64)  # which sign is in which key
_STEEPNESS = 5.0  # how much surer the sign of a stronger wave is
