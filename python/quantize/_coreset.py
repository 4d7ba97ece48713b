"""Lightweight coresets: few weighted points that stand for many.

O. Bachem, M. Lucic and A. Krause, "Scalable k-means clustering via lightweight
coresets", KDD 2018, algorithm 1, for points with weights in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Spread:
    """The weight, the mean, and the sum of squared distances to it, of a part of the
    points."""

    weight: float
    mean: NDArray[np.float64]
    scatter: float

    @classmethod
    def of(cls, points: NDArray[Any], weights: NDArray[np.float64]) -> Spread:
        """The spread of points of shape (N, D)."""
        points = points.astype(np.float64, copy=False)
        total = float(weights.sum())
        if total == 0:
            return cls(0.0, np.zeros(points.shape[1]), 0.0)
        # Sums of NumPy; those of a matrix product can depend on the threads of BLAS.
        mean = (weights[:, np.newaxis] * points).sum(axis=0) / total
        scatter = (weights * ((points - mean) ** 2).sum(axis=1)).sum()
        return cls(total, mean, float(scatter))


class Coreset:
    """A sample of points that are in parts.

    A point of weight w is drawn with the probability q = w/2W + w d²/2S: d is its
    distance from the mean, W the sum of the weights, S that of w d². First it is drawn
    how many are from each part, then which.

    Attributes
    ----------
    counts : array of shape (parts,)
        How many points are drawn from each part.
    """

    def __init__(self, parts: Sequence[Spread], size: int, seed: int) -> None:
        weights = np.array([part.weight for part in parts])
        if not weights.sum() > 0:
            raise ValueError("weights are all 0")
        means = np.array([part.mean for part in parts])
        mean = (weights[:, np.newaxis] * means).sum(axis=0) / weights.sum()
        within = np.array([part.scatter for part in parts])
        scatters = within + weights * ((means - mean) ** 2).sum(axis=1)
        self._size, self._seed, self._mean = size, seed, mean
        self._weight, self._scatter = float(weights.sum()), float(scatters.sum())
        odds = weights / self._weight
        if self._scatter > 0:
            odds = (odds + scatters / self._scatter) / 2
        random = np.random.default_rng([seed, 0])
        self.counts = random.multinomial(size, odds / odds.sum())

    def draw(
        self, part: int, points: NDArray[Any], weights: NDArray[np.float64]
    ) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """The points that are drawn from a part, each once, and their weights."""
        odds = weights / self._weight
        if self._scatter > 0:
            squares = ((points - self._mean) ** 2).sum(axis=1)
            odds = (odds + weights * squares / self._scatter) / 2
        ends = np.cumsum(odds)
        random = np.random.default_rng([self._seed, 1, part])
        # Below the last end, also where the product is rounded up.
        places = random.random(int(self.counts[part])) * ends[-1]
        last = int(np.flatnonzero(odds)[-1])
        chosen = np.minimum(np.searchsorted(ends, places, side="right"), last)
        chosen, times = np.unique(chosen, return_counts=True)
        return points[chosen], times * weights[chosen] / (self._size * odds[chosen])
