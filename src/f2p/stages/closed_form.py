"""Closed-form matting (Levin, Lischinski, Weiss, PAMI 2008), solved only inside the band where a coarse alpha is in doubt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from f2p.values.pixels import Plane

_EPSILON = 1e-5
"""Regularisation of a window's colour covariance, colours in 0..1; 1e-6 (a tenth) and 1e-4 (tenfold) both scored worse."""
_PRECISION = 1e-7
"""The solver stops when the residue's power has fallen to this share."""
Vector = NDArray[np.float64]
_OFFSETS = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]


def solve_band(colours: NDArray[np.float32], alpha: Plane, band: NDArray[np.bool_], trust: Plane, iterations: int = 60) -> Plane:
    """Alpha that follows the picture's own edges inside `band` and equals `alpha` outside it.

    colours: (H, W, 3) float32 sRGB 0..1. alpha: (H, W) float32 0..1, also the first guess. band: (H, W) bool.
    trust: (H, W) float32 >= 0, pull towards `alpha` at each band pixel (Laplacian rows have diagonals of about 9).
    Conjugate gradients with a Jacobi preconditioner; `iterations` bounds the time, the warm start makes 60 enough.
    """
    band = band.copy()
    band[:2], band[-2:], band[:, :2], band[:, -2:] = False, False, False, False
    unknown = np.flatnonzero(band)
    if unknown.size == 0:
        return alpha
    stencil = _laplacian_stencil(colours, band)
    width = band.shape[1]
    number = np.full(band.size, -1, dtype=np.int32)
    number[unknown] = np.arange(unknown.size, dtype=np.int32)
    steps = np.array([dy * width + dx for dy in range(-2, 3) for dx in range(-2, 3)], dtype=np.int64)
    places = unknown[:, None] + steps[None, :]
    weights = stencil.reshape(-1, 25)[unknown].astype(np.float64)
    columns = number[places]
    inside = columns >= 0
    known = alpha.ravel().astype(np.float64)
    right = -np.where(inside, 0.0, weights * known[places]).sum(axis=1)
    pull = trust.ravel()[unknown].astype(np.float64)
    right += pull * known[unknown]
    pointers = np.concatenate([[0], np.cumsum(inside.sum(axis=1))])
    matrix = csr_array((weights[inside], columns[inside], pointers), shape=(unknown.size, unknown.size)) + diags_array(pull)
    solved = _conjugate_gradients(matrix, right, known[unknown], iterations)
    result = alpha.copy()
    result.ravel()[unknown] = np.clip(solved, 0.0, 1.0).astype(np.float32)
    return result


def _conjugate_gradients(matrix: csr_array, right: Vector, start: Vector, iterations: int) -> Vector:
    """The solution of matrix · x = right, from `start` on, with a Jacobi preconditioner.

    Not SciPy's `cg`: its dot products go through a threaded BLAS, whose waiting threads made this fifteen times slower on a busy
    machine, and importing it costs a cold start 0.1 s.
    """
    scale = 1.0 / np.maximum(matrix.diagonal(), 1e-9)
    x = start.copy()
    residue = right - matrix @ x
    conditioned = scale * residue
    direction = conditioned.copy()
    power = first = float((residue * conditioned).sum())
    for _ in range(iterations):
        if power <= _PRECISION * first:
            break
        image = matrix @ direction
        step = power / float((direction * image).sum())
        x += step * direction
        residue -= step * image
        conditioned = scale * residue
        last, power = power, float((residue * conditioned).sum())
        direction = conditioned + (power / last) * direction
    return x


def _laplacian_stencil(colours: NDArray[np.float32], band: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The matting Laplacian's rows as a 5 × 5 stencil a pixel: (H, W, 25) float32, right wherever `band` is set.

    Only windows that touch the band are visited. In one window, pixel i stands at a different place for every window, so each
    of the 81 window entries is added to the stencil in one indexed sum without collisions.
    """
    height, width = band.shape
    near = np.zeros_like(band)
    near[1:-1, 1:-1] = np.logical_or.reduce([band[1 + dy : height - 1 + dy, 1 + dx : width - 1 + dx] for dy, dx in _OFFSETS])
    centres = np.flatnonzero(near)
    places = [centres + dy * width + dx for dy, dx in _OFFSETS]
    flat = colours.reshape(-1, 3)
    window = np.stack([flat[place] for place in places], axis=1)  # (n, 9, 3)
    offset = window - window.mean(axis=1, keepdims=True)
    covariance = np.einsum("nki,nkj->nij", offset, offset) / 9.0 + np.eye(3, dtype=np.float32) * np.float32(_EPSILON / 9.0)
    pulled = offset @ np.linalg.inv(covariance)  # (n, 9, 3)
    entries = np.eye(9, dtype=np.float32) - (1.0 + pulled @ offset.transpose(0, 2, 1)) / 9.0
    stencil = np.zeros((height * width, 25), dtype=np.float32)
    for i, (row_i, column_i) in enumerate(_OFFSETS):
        for j, (row_j, column_j) in enumerate(_OFFSETS):
            slot = (row_j - row_i + 2) * 5 + (column_j - column_i + 2)
            stencil[places[i], slot] += entries[:, i, j]
    return stencil.reshape(height, width, 25)
