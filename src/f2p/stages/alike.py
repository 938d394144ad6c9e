"""Which of many faces are alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK = 512


def alike(identities: NDArray[np.float32], least: float) -> list[tuple[int, int, float]]:
    """Pairs (i, j, cosine), i < j, of the (N, D) float32 unit vectors whose cosine is at least `least`.

    Every pair is looked at, in blocks: 512 × N values at a time, whatever N is.
    """
    pairs: list[tuple[int, int, float]] = []
    for begin in range(0, len(identities), _BLOCK):
        cosines = identities[begin : begin + _BLOCK] @ identities[begin:].T
        rows, columns = np.nonzero(cosines >= least)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if column > row:
                pairs.append((begin + row, begin + column, float(cosines[row, column])))
    return pairs
