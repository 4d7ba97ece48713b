"""What several parts of the study use."""

from __future__ import annotations

import math

import numpy
from scipy.special import logsumexp
from scipy.stats import binomtest
from sklearn.datasets import load_sample_image


def table(titles: list[str], rows: list[list[str]]) -> str:
    text = ["| " + " | ".join(titles) + " |", "|" + "---:|" * len(titles)]
    return "\n".join(text + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def birch(side: int, each: int, random) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Clusters of variance 1 at the places of a grid of step 4√2."""
    step = 4 * math.sqrt(2)
    centers = numpy.array([
        (step * x, step * y) for x in range(side) for y in range(side)])
    points = numpy.concatenate([
        center + random.normal(0, 1, (each, 2)) for center in centers])
    return points, centers


def missed(means: numpy.ndarray, centers: numpy.ndarray) -> int:
    """Clusters whose centre is nearest to no mean: where another has two or more."""
    nearest = ((means[:, None] - centers) ** 2).sum(2).argmin(1)
    return len(centers) - len(set(nearest))


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's interval of 95 %."""
    found = binomtest(hits, count).proportion_ci(0.95, "wilson")
    return found.low, found.high


def china() -> numpy.ndarray:
    """The distinct colours of a photograph that scikit-learn ships."""
    photo = load_sample_image("china.jpg").reshape(-1, 3)
    return numpy.unique(photo, axis=0).astype(float)


def log_likelihood(points, means, variance: float) -> float:
    dimension = points.shape[1]
    constant = (
        -math.log(len(means)) - dimension / 2 * math.log(2 * math.pi * variance))
    parts = []
    for part in numpy.array_split(points, max(1, len(points) // 4_000)):
        squares = ((part[:, None] - means) ** 2).sum(2)
        parts.append(constant + logsumexp(-squares / (2 * variance), axis=1))
    return float(numpy.concatenate(parts).mean())
