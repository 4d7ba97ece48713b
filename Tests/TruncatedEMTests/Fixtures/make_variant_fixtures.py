#!/usr/bin/env python3
"""Expected results of the model's variants, written from the mathematics alone.

As make_fixtures.py, whose arithmetic and checks of style it follows, for the mixture

    p(y) = sum_c pi_c Normal(y; mu_c, sigma2_c * I)

with equal or learned proportions pi_c and with a shared variance or one per component.

    cost     -log pi_c + (D/2) log(2 pi sigma2_c) + |y_n-mu_c|^2 / (2 sigma2_c)
    K_n      the C' components of least cost, ties going to the lower component index; a component
             whose pi_c is 0 costs infinitely much
    floor    chosen by the case if there is a variance per component, else so small that it is
             never reached
    start    mu given;  sigma2_c = max(floor, J / (D N)),  J = sum_n w_n min_c |y_n - mu_c|^2;
             pi_c = 1 / C
    E-step   q_n(c) = exp(-cost) / (the same summed over K_n), 0 outside K_n
             F = sum_n w_n log sum_{c in K_n} exp(-cost)
    M-step   mu_c = sum_n w_n q_n(c) y_n / W_c,  W_c = sum_n w_n q_n(c)
             pi_c = W_c / N                                                    if learned
             sigma2_c = max(floor, sum_n w_n q_n(c) |y_n-mu_c|^2 / (D W_c))    if per component
             sigma2 = max(floor, sum_c sum_n w_n q_n(c) |y_n-mu_c|^2 / (D N))  if shared
             without weight mu_c and sigma2_c stay as they are, a learned pi_c is 0

Everything is calculated in float64 with math.fsum and in 80-bit extended precision; the two must
agree. Every case must also pass: F falls in no step; F grows with C' up to the log-likelihood as
scipy.stats gives it; and, for C' = C with learned proportions and variances per component, means,
proportions, variances and log-likelihoods are those of scikit-learn's
GaussianMixture(covariance_type="spherical") after as many iterations.

    make_variant_fixtures.py            write variants.json beside this script
    make_variant_fixtures.py --check    calculate again and compare with the file that is there
"""

import argparse
import json
import math
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from make_fixtures import (
    AGREEMENT, DOUBLE, EXTENDED, close, inputs, log_sum_exp, nearest, numbers, same,
    squared_distances, text)

HERE = Path(__file__).resolve().parent
FILE = "variants.json"
# No point may be this close (in nats, or relative) to having another K_n.
LEAST_GAP = 1e-6


@dataclass
class Problem:
    """The inputs of one case."""

    name: str
    note: str
    points: np.ndarray  # n x D
    weights: np.ndarray  # n
    means: np.ndarray  # k x D
    cprime: int
    iterations: int
    learned: bool
    per_component: bool
    floor: float
    scikit: bool = True  # compare with scikit-learn where that has the same model


@dataclass
class Parameters:
    means: np.ndarray
    proportions: np.ndarray
    variances: np.ndarray


def costs(problem, arithmetic, p):
    """n x k."""
    points = arithmetic.array(problem.points)
    pi = 4 * np.arctan(arithmetic.dtype(1))
    with np.errstate(divide="ignore"):
        offset = points.shape[1] * np.log(2 * pi * p.variances) / 2 - np.log(p.proportions)
    return offset + squared_distances(points, p.means) / (2 * p.variances)


def free_energy(problem, arithmetic, p, inside):
    weights = arithmetic.array(problem.weights)
    terms = -costs(problem, arithmetic, p)
    return arithmetic.add(weights * log_sum_exp(terms, inside)) / arithmetic.add(weights)


@dataclass
class Run:
    free_energy: list
    inertia: list
    inside: list
    parameters: list
    gap: float


def run(problem, arithmetic):
    points, weights = arithmetic.array(problem.points), arithmetic.array(problem.weights)
    dimension, total = points.shape[1], arithmetic.add(weights)
    k = len(problem.means)
    floor = arithmetic.dtype(problem.floor)
    means = arithmetic.array(problem.means)
    hard = arithmetic.add(weights * squared_distances(points, means).min(axis=1))
    one = arithmetic.array(np.ones(k))
    p = Parameters(means, one / k, one * max(floor, hard / (dimension * total)))
    result = Run([], [], [], [p], math.inf)

    for _ in range(problem.iterations):
        cost = costs(problem, arithmetic, p)
        inside = nearest(cost, problem.cprime)
        if problem.cprime < k:
            ordered = np.sort(cost, axis=1)[:, problem.cprime - 1:problem.cprime + 1]
            with np.errstate(invalid="ignore"):
                gaps = (ordered[:, 1] - ordered[:, 0]) / np.maximum(1, np.abs(ordered[:, 0]))
            result.gap = min(result.gap, float(gaps.min()))
        result.inside.append(inside)
        result.free_energy.append(free_energy(problem, arithmetic, p, inside))
        result.inertia.append(
            arithmetic.add(weights * squared_distances(points, p.means).min(axis=1)) / total)
        evidence = log_sum_exp(-cost, inside)
        q = np.where(inside, np.exp(-cost - evidence[:, None]), 0)

        share = weights[:, None] * q
        mass = arithmetic.add(share, axis=0)
        filled = mass > 0
        sums = arithmetic.add(share[:, :, None] * points[:, None, :], axis=0)
        means = p.means.copy()
        means[filled] = sums[filled] / mass[filled, None]
        scatter = arithmetic.add(share * squared_distances(points, means), axis=0)
        variances = p.variances.copy()
        if problem.per_component:
            variances[filled] = np.maximum(floor, scatter[filled] / (dimension * mass[filled]))
        else:
            variances[:] = max(floor, arithmetic.add(scatter) / (dimension * total))
        p = Parameters(means, mass / total if problem.learned else p.proportions, variances)
        result.parameters.append(p)
    return result


def scipy_log_likelihood(problem, p):
    live = p.proportions > 0
    densities = [
        multivariate_normal.logpdf(
            problem.points, mean=m.astype(float), cov=float(v) * np.eye(len(m)))
        for m, v in zip(p.means[live], p.variances[live])
    ]
    each = logsumexp(
        np.array(densities).reshape(len(densities), -1), axis=0,
        b=p.proportions[live].astype(float)[:, None])
    return math.fsum(problem.weights * each) / math.fsum(problem.weights)


def verify(problem, result):
    k, name = len(problem.means), problem.name
    assert result.gap > LEAST_GAP, (name, result.gap)
    everything = np.ones((len(problem.points), k), dtype=bool)
    for step, energy in enumerate(result.free_energy):
        p, after = result.parameters[step], result.parameters[step + 1]
        cost = costs(problem, EXTENDED, p)
        ladder = [
            free_energy(problem, EXTENDED, p, nearest(cost, c)) for c in range(1, k + 1)]
        assert all(a <= b + 1e-15 for a, b in zip(ladder, ladder[1:])), name
        likelihood = free_energy(problem, EXTENDED, p, everything)
        assert close(likelihood, ladder[-1], 1e-16), name
        assert close(likelihood, scipy_log_likelihood(problem, p), 1e-12), name
        halfway = free_energy(problem, EXTENDED, after, result.inside[step])
        assert halfway >= energy - 1e-14, name
        if step + 1 < problem.iterations:
            assert result.free_energy[step + 1] >= halfway - 1e-14, name
    if problem.scikit and problem.cprime == k and problem.learned and problem.per_component:
        verify_with_scikit(problem, result)


def verify_with_scikit(problem, result):
    pixels = np.repeat(problem.points, problem.weights.astype(int), axis=0)
    k, start = len(problem.means), result.parameters[0]
    for t in range(1, problem.iterations + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mixture = GaussianMixture(
                k, covariance_type="spherical", tol=0, reg_covar=0, max_iter=t,
                means_init=problem.means, weights_init=np.full(k, 1 / k),
                precisions_init=1 / start.variances.astype(float))
            mixture.fit(pixels)
        p = result.parameters[t]
        assert close(mixture.means_, p.means, 1e-9), problem.name
        assert close(mixture.weights_, p.proportions, 1e-10), problem.name
        assert close(mixture.covariances_, p.variances, 1e-9), problem.name
        assert close(mixture.lower_bound_, result.free_energy[t - 1], 1e-10), problem.name


def verify_against_double(problem, result):
    other = run(problem, DOUBLE)
    a, b = result.parameters[-1], other.parameters[-1]
    for x, y in [
            (result.free_energy, other.free_energy), (result.inertia, other.inertia),
            (a.means, b.means), (a.proportions, b.proportions), (a.variances, b.variances)]:
        assert close(x, y, AGREEMENT), problem.name
    assert all((x == y).all() for x, y in zip(result.inside, other.inside)), problem.name


# --------------------------------------------------------------------------- the cases


def blobs(seed, count, k, dimension, scale):
    """Points of k Gaussians that differ in weight and in width, and k points to start from."""
    random = np.random.RandomState(seed)
    centres = random.uniform(0, scale, size=(k, dimension))
    widths = scale * 10 ** random.uniform(-2.2, -0.9, size=k)
    share = random.dirichlet(np.ones(k))
    which = random.choice(k, size=count, p=share)
    points = centres[which] + widths[which, None] * random.standard_normal((count, dimension))
    points = np.round(points * 64) / 64
    means = points[random.choice(count, size=k, replace=False)]
    means = np.round((means + scale / 50 * random.standard_normal(means.shape)) * 64) / 64
    counts = np.clip(np.round(np.exp(random.uniform(0, np.log(40), size=count))), 1, 40)
    return points, counts, means


VARIANTS = [(True, False), (False, True), (True, True)]


def label(learned, per_component):
    return "-".join(["learned"] * learned + ["per-component"] * per_component)


def problems():
    for learned, per_component in VARIANTS:
        kind = label(learned, per_component)
        points, counts, means = blobs(71, 260, 6, 3, 200.0)
        for cprime in (1, 2, 3, 6):
            yield Problem(
                f"blobs-{kind}-c{cprime}", "six blobs of different weight and width", points,
                counts, means, cprime, 8, learned, per_component, 2.0 ** -4)
        for dimension in (1, 2, 4, 5, 6):
            points, counts, means = blobs(80 + dimension, 90, 4, dimension, 16.0)
            yield Problem(
                f"d{dimension}-{kind}-c2", f"D = {dimension}", points, counts, means, 2, 6,
                learned, per_component, 2.0 ** -10)
        far = np.array([[0.0, 0, 0], [1, 0, 0], [0, 2, 0], [9, 9, 9], [9, 10, 9]])
        weights = np.array([3.0, 1, 1, 2, 2])
        yield Problem(
            f"without-weight-{kind}", "a component that is nobody's", far, weights,
            np.array([[0.0, 0, 1], [500, 500, 500], [9, 9, 8]]), 1, 4, learned, per_component,
            2.0 ** -10, scikit=False)
        yield Problem(
            f"one-colour-{kind}", "a component falls on a single point and stays at the floor",
            far, weights, np.array([[0.0, 0, 0], [1, 1, 0], [9, 9.5, 9]]), 3, 8, learned,
            per_component, 2.0 ** -3 if per_component else 2.0 ** -40, scikit=False)


def record(problem, result):
    last, final = result.parameters[-2], result.parameters[-1]
    everything = np.ones_like(result.inside[-1])
    return {
        "name": problem.name,
        "note": problem.note,
        "dimension": problem.points.shape[1],
        "cprime": problem.cprime,
        "iterations": problem.iterations,
        "mixing": "learned" if problem.learned else "equal",
        "variance": "per-component" if problem.per_component else "shared",
        "floor": problem.floor,
        "means": inputs(problem.means),
        "freeEnergy": numbers(result.free_energy),
        "inertia": numbers(result.inertia),
        "finalMeans": numbers(final.means),
        "finalProportions": numbers(final.proportions),
        "finalVariances": numbers(final.variances),
        "logLikelihoodPerPoint": numbers(free_energy(problem, EXTENDED, last, everything)),
        "weights": inputs(problem.weights),
        "points": inputs(problem.points),
    }


def main():
    options = argparse.ArgumentParser(description="Expected results of the model's variants.")
    options.add_argument("--check", action="store_true",
                         help="compare with the file that is there instead of writing it")
    check = options.parse_args().check
    if np.finfo(np.longdouble).nmant < 63:
        sys.exit("long double is not wider than double on this machine: use x86-64")
    records = []
    for problem in problems():
        result = run(problem, EXTENDED)
        verify(problem, result)
        verify_against_double(problem, result)
        records.append(record(problem, result))
        print(f"{problem.name:40} least gap {result.gap:8.1e}")
    if not check:
        (HERE / FILE).write_text(text(records))
    elif not same(json.loads((HERE / FILE).read_text()), records):
        sys.exit(f"{FILE}: differs")


if __name__ == "__main__":
    main()
