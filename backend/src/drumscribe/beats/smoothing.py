"""A steady pulse near given times.

The smoother of Whittaker (1923) and Henderson: among all sequences the one that lies close to given
values and has small second differences. In NumPy alone, because the image of the API, which counts
beats anew when a score is edited, has no SciPy (96 MB for a single function).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

# Rows that are solved at once: large enough that few calls are made, small enough for dense blocks.
BLOCK_ROWS: Final = 32
_SECOND_DIFFERENCE: Final = np.array([1.0, -2.0, 1.0])


def steadied(values: _Floats, near: _Floats, even: float) -> _Floats:
    """The x that minimises sum(near * (x - values)^2) + even * sum((second differences of x)^2).

    values, near: (n,), n >= 3; near >= 0, how much each value weighs: 0 where there is none, more
    than 0 for two at least. even > 0.
    """
    n_values = values.size
    n_blocks = -(-n_values // BLOCK_ROWS)
    n_rows = n_blocks * BLOCK_ROWS
    # Rows that only fill the last block: x = 0, coupled with nothing.
    weights = np.ones(n_rows)
    weights[:n_values] = near
    coupled = np.zeros((3, n_rows))  # diagonals 0, 1 and 2 of the normal equations
    coupled[0] = weights
    for offset in range(3):
        for first in range(3 - offset):
            product = even * _SECOND_DIFFERENCE[first] * _SECOND_DIFFERENCE[first + offset]
            coupled[offset, first : n_values - 2 + first] += product
    wanted = np.zeros(n_rows)
    wanted[:n_values] = near * values
    return _solved(coupled, wanted.reshape(n_blocks, BLOCK_ROWS)).ravel()[:n_values]


def _solved(diagonals: _Floats, wanted: _Floats) -> _Floats:
    """Block elimination of a symmetric matrix with two diagonals beside the main one.

    diagonals: (3, blocks * BLOCK_ROWS); entry i of diagonal d couples the rows i and i + d. wanted:
    (blocks, BLOCK_ROWS).
    """
    rows = np.arange(BLOCK_ROWS)
    n_blocks = wanted.shape[0]
    blocks = np.zeros((n_blocks, BLOCK_ROWS, BLOCK_ROWS))
    # What couples a block's rows with the next block's.
    beside = np.zeros((n_blocks, BLOCK_ROWS, BLOCK_ROWS))
    for offset in range(3):
        entries = diagonals[offset].reshape(n_blocks, BLOCK_ROWS)
        inside = rows[: BLOCK_ROWS - offset]
        blocks[:, inside, inside + offset] = entries[:, inside]
        blocks[:, inside + offset, inside] = entries[:, inside]
        across = rows[BLOCK_ROWS - offset :]
        beside[:, across, across + offset - BLOCK_ROWS] = entries[:, across]
    found = wanted.copy()
    carried = np.zeros((n_blocks, BLOCK_ROWS, BLOCK_ROWS))
    for k in range(n_blocks):
        if k:
            blocks[k] -= beside[k - 1].T @ carried[k - 1]
            found[k] -= beside[k - 1].T @ found[k - 1]
        both = np.linalg.solve(blocks[k], np.column_stack([beside[k], found[k]]))
        carried[k], found[k] = both[:, :-1], both[:, -1]
    for k in range(n_blocks - 2, -1, -1):
        found[k] -= carried[k] @ found[k + 1]
    return found
