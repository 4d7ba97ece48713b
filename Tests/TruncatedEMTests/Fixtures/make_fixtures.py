#!/usr/bin/env python3
"""Expected results of truncated variational EM, written from the mathematics alone.

The model (Lücke and Forster, arXiv 1704.04812): points y_n in R^D with weights w_n,
N = sum_n w_n, and an isotropic mixture of C components with equal priors and one variance,

    p(y) = (1/C) sum_c Normal(y; mu_c, sigma2 * I).

K_n holds the C' components nearest to y_n, ties going to the lower component index.

    start    mu given;  sigma2 = J / (D N),  J = sum_n w_n min_c |y_n - mu_c|^2
    E-step   q_n(c) = exp(-|y_n-mu_c|^2 / 2 sigma2) / (the same summed over K_n), 0 outside K_n
             F = sum_n w_n log sum_{c in K_n} (1/C) (2 pi sigma2)^(-D/2) exp(-|y_n-mu_c|^2 / 2 sigma2)
    M-step   mu_c = sum_n w_n q_n(c) y_n / sum_n w_n q_n(c); without weight mu_c stays as it is
             sigma2 = sum_n w_n sum_c q_n(c) |y_n-mu_c|^2 / (D N), with the new mu

One iteration is an E-step followed by an M-step. F, J and sigma2 are recorded with the
parameters that go *into* each E-step.

Everything is calculated twice: in float64 with math.fsum for the sums, and in 80-bit extended
precision. The two must agree to AGREEMENT; the extended results, rounded once to float64, are
what is written. Beside that, every case must pass the checks of `verify`, which compare with
SciPy, with scikit-learn and with what the theory promises.

    make_fixtures.py            write the JSON files beside this script
    make_fixtures.py --check    calculate again and compare with the files that are there

Random numbers come from numpy.random.RandomState, whose streams NumPy keeps frozen, and every
coordinate is rounded to a multiple of a power of two, so inputs are exact in Float as well as in
Double and the same everywhere.
"""

import argparse
import json
import math
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans

HERE = Path(__file__).resolve().parent

# How closely the float64 and the extended-precision run must agree (relative, or absolute near 0).
AGREEMENT = 1e-12
# No point may be this close (relative squared distance) to having another K_n, unless the case is
# about ties: rounding must not be able to change an assignment in a correct implementation.
LEAST_GAP = 1e-5
# No component may have a share of the weight in (0, LEAST_SHARE): "no weight" must be unambiguous.
LEAST_SHARE = 1e-6


# --------------------------------------------------------------------------- the algorithm


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
    has_ties: bool = False  # exact ties for the last place in K_n are intended here
    can_be_empty: bool = False  # a component may go without weight here


@dataclass
class Arithmetic:
    """A floating-point type, and how to add a list of numbers of it."""

    dtype: type

    def array(self, values):
        return np.asarray(values, dtype=self.dtype)

    def add(self, values, axis=None):
        """The sum over all of `values`, or along one axis."""
        values = np.asarray(values)
        if self.dtype is not np.float64:
            return values.sum(axis=axis)
        if axis is None:
            return np.float64(math.fsum(values.ravel()))
        rows = np.moveaxis(values, axis, -1)
        flat = [math.fsum(row) for row in rows.reshape(-1, rows.shape[-1])]
        return np.array(flat).reshape(rows.shape[:-1])


DOUBLE = Arithmetic(np.float64)
EXTENDED = Arithmetic(np.longdouble)


def squared_distances(points, means):
    """n x k, from coordinate differences (no expansion of the square)."""
    difference = points[:, None, :] - means[None, :, :]
    return (difference * difference).sum(axis=2)


def nearest(distances, count):
    """n x k truth values: is c among the `count` nearest of n? Ties go to the lower index."""
    order = np.argsort(distances, axis=1, kind="stable")
    inside = np.zeros(distances.shape, dtype=bool)
    np.put_along_axis(inside, order[:, :count], True, axis=1)
    return inside


def log_joint(distances, sigma2, dimension):
    """n x k: log of (1/C) Normal(y_n; mu_c, sigma2 I)."""
    pi = 4 * np.arctan(distances.dtype.type(1))
    k = distances.dtype.type(distances.shape[1])
    return -np.log(k) - dimension * np.log(2 * pi * sigma2) / 2 - distances / (2 * sigma2)


def log_sum_exp(terms, inside):
    """log of the sum of exp(terms) over the `inside` entries of each row."""
    masked = np.where(inside, terms, -np.inf)
    top = masked.max(axis=1)
    return top + np.log(np.exp(masked - top[:, None]).sum(axis=1))


def free_energy(problem, arithmetic, means, sigma2, inside):
    """F/N for the sets K_n given by `inside`."""
    points, weights = arithmetic.array(problem.points), arithmetic.array(problem.weights)
    terms = log_joint(squared_distances(points, means), sigma2, points.shape[1])
    return arithmetic.add(weights * log_sum_exp(terms, inside)) / arithmetic.add(weights)


def kl_divergence(problem, arithmetic, means, sigma2, inside):
    """sum_n w_n KL(q_n || p(c | y_n)) / N, from its definition."""
    points, weights = arithmetic.array(problem.points), arithmetic.array(problem.weights)
    terms = log_joint(squared_distances(points, means), sigma2, points.shape[1])
    log_q = terms - log_sum_exp(terms, inside)[:, None]
    log_p = terms - log_sum_exp(terms, np.ones_like(inside))[:, None]
    each = np.where(inside, np.exp(log_q) * (log_q - log_p), 0)
    return arithmetic.add(weights[:, None] * each) / arithmetic.add(weights)


@dataclass
class Run:
    """What happened. One entry an E-step; `means` and `sigma2` have the final value as well."""

    free_energy: list  # F/N, None where sigma2 is 0
    inertia: list  # J/N
    inside: list  # the sets K_n
    means: list
    sigma2: list
    gap: float  # least relative gap between the last member of K_n and the first one outside,
    ties: int  # apart from exact ties, and how many of those there were


def run(problem, arithmetic):
    points, weights = arithmetic.array(problem.points), arithmetic.array(problem.weights)
    means = arithmetic.array(problem.means)
    dimension, total = points.shape[1], arithmetic.add(weights)

    hard = squared_distances(points, means).min(axis=1)
    sigma2 = arithmetic.add(weights * hard) / (dimension * total)
    result = Run([], [], [], [means], [sigma2], math.inf, 0)

    for _ in range(problem.iterations):
        # E-step
        distances = squared_distances(points, means)
        inside = nearest(distances, problem.cprime)
        gap, ties = selection_gap(distances, problem.cprime)
        result.gap, result.ties = min(result.gap, gap), result.ties + ties
        result.inside.append(inside)
        result.inertia.append(arithmetic.add(weights * distances.min(axis=1)) / total)
        if sigma2 > 0:
            terms = log_joint(distances, sigma2, dimension)
            evidence = log_sum_exp(terms, inside)
            result.free_energy.append(arithmetic.add(weights * evidence) / total)
            q = np.where(inside, np.exp(terms - evidence[:, None]), 0)
        else:
            assert problem.cprime == 1, "soft assignments are undefined without a variance"
            result.free_energy.append(None)
            q = inside.astype(arithmetic.dtype)

        # M-step
        share = weights[:, None] * q
        mass = arithmetic.add(share, axis=0)
        assert problem.can_be_empty or (mass > LEAST_SHARE * total).all(), problem.name
        assert ((mass == 0) | (mass > LEAST_SHARE * total)).all(), problem.name
        sums = arithmetic.add(share[:, :, None] * points[:, None, :], axis=0)
        filled = mass > 0
        means = means.copy()
        means[filled] = sums[filled] / mass[filled, None]
        sigma2 = arithmetic.add(share * squared_distances(points, means)) / (dimension * total)
        result.means.append(means)
        result.sigma2.append(sigma2)
    return result


def selection_gap(distances, count):
    """How near any point is to another K_n: the least relative gap above 0, and the exact ties."""
    if count == distances.shape[1]:
        return math.inf, 0
    ordered = np.sort(distances, axis=1)
    gaps = (ordered[:, count] - ordered[:, count - 1]) / ordered[:, count]
    return float(gaps[gaps > 0].min(initial=math.inf)), int((gaps == 0).sum())


# --------------------------------------------------------------------------- the checks


def close(a, b, tolerance):
    """Relative to the larger one, or to 1 if that is smaller."""
    a, b = np.asarray(a, dtype=np.longdouble), np.asarray(b, dtype=np.longdouble)
    scale = np.maximum(1, np.maximum(np.abs(a), np.abs(b)))
    return bool((np.abs(a - b) <= tolerance * scale).all())


def scipy_log_likelihood(problem, means, sigma2):
    """The log-likelihood / N of the full mixture, entirely by SciPy in float64."""
    k, dimension = means.shape
    densities = [
        multivariate_normal.logpdf(
            problem.points, mean=mean.astype(float), cov=float(sigma2) * np.eye(dimension))
        for mean in means
    ]
    each = logsumexp(np.array(densities).reshape(k, -1), axis=0, b=1 / k)
    return math.fsum(problem.weights * each) / math.fsum(problem.weights)


def verify(problem, result):
    """What the theory promises, and what SciPy and scikit-learn find; `result` in EXTENDED."""
    k, name = len(problem.means), problem.name
    dimension = problem.points.shape[1]
    everything = np.ones((len(problem.points), k), dtype=bool)
    assert result.gap > LEAST_GAP, (name, result.gap)
    assert problem.has_ties == (result.ties > 0), (name, result.ties)

    for step, energy in enumerate(result.free_energy):
        if energy is None:
            continue
        means, sigma2 = result.means[step], result.sigma2[step]
        distances = squared_distances(EXTENDED.array(problem.points), means)

        # For fixed parameters F grows with C', up to the log-likelihood.
        ladder = [
            free_energy(problem, EXTENDED, means, sigma2, nearest(distances, c))
            for c in range(1, k + 1)
        ]
        assert all(a <= b + 1e-15 for a, b in zip(ladder, ladder[1:])), name
        assert close(ladder[problem.cprime - 1], energy, 1e-17), name
        likelihood = free_energy(problem, EXTENDED, means, sigma2, everything)
        assert close(likelihood, ladder[-1], 1e-17), name
        assert close(likelihood, scipy_log_likelihood(problem, means, sigma2), 1e-12), name

        # F = log-likelihood - KL.
        gap = kl_divergence(problem, EXTENDED, means, sigma2, result.inside[step])
        assert gap >= -1e-17 and close(energy, likelihood - gap, 1e-15), name

        # The new parameters are the moments of the points under SciPy's softmax.
        q = softmax(
            np.where(result.inside[step], -distances / (2 * sigma2), -np.inf).astype(float), axis=1)
        share = problem.weights[:, None] * q
        mass, filled = share.sum(axis=0), share.sum(axis=0) > 0
        centroids = result.means[step].astype(float)
        centroids[filled] = (share.T @ problem.points)[filled] / mass[filled, None]
        assert close(centroids, result.means[step + 1], 1e-12), name
        within = (problem.weights @ problem.points**2).sum() - mass @ (centroids**2).sum(axis=1)
        variance = within / (dimension * problem.weights.sum())
        scale = max(1, float((problem.points**2).max()))
        assert abs(variance - result.sigma2[step + 1]) <= 1e-12 * scale, name

        # With one component a point and sigma2 = J / DN, F has a closed form.
        if step == 0:
            closed = -np.log(k) - dimension / 2 * np.log(2 * np.pi * np.e * float(sigma2))
            assert close(ladder[0], closed, 1e-13), name

        # F falls neither in the M-step (K_n as before, new parameters) nor in the next E-step.
        after_means, after_sigma2 = result.means[step + 1], result.sigma2[step + 1]
        if after_sigma2 > 0:
            halfway = free_energy(problem, EXTENDED, after_means, after_sigma2, result.inside[step])
            assert halfway >= energy - 1e-12, name
            if step + 1 < problem.iterations:
                assert result.free_energy[step + 1] >= halfway - 1e-12, name

    if problem.cprime == 1:
        assert all(b <= a + 1e-12 for a, b in zip(result.inertia, result.inertia[1:])), name
        if not problem.can_be_empty:  # scikit-learn re-seeds empty clusters
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                lloyd = KMeans(
                    n_clusters=k, init=problem.means.astype(float), n_init=1, tol=0,
                    max_iter=problem.iterations, algorithm="lloyd")
                lloyd.fit(problem.points.astype(float), sample_weight=problem.weights.astype(float))
            assert close(lloyd.cluster_centers_, result.means[-1], 1e-9), name


def verify_against_double(problem, result):
    """The float64 run must agree; returns the greatest relative difference."""
    other = run(problem, DOUBLE)
    pairs = [
        (result.inertia, other.inertia),
        (result.sigma2, other.sigma2),
        (result.means[-1], other.means[-1]),
        ([f for f in result.free_energy if f is not None],
         [f for f in other.free_energy if f is not None]),
    ]
    worst = 0.0
    for a, b in pairs:
        assert close(a, b, AGREEMENT), problem.name
        a, b = np.asarray(a, dtype=np.longdouble), np.asarray(b, dtype=np.longdouble)
        if a.size:
            worst = max(worst, float((np.abs(a - b) / np.maximum(1, np.abs(a))).max()))
    assert all((a == b).all() for a, b in zip(result.inside, other.inside)), problem.name
    return worst


# --------------------------------------------------------------------------- the cases


def grid(values, step):
    """Rounded to multiples of `step`."""
    return np.round(np.asarray(values, dtype=float) / step) * step


def colour_blobs(seed, count, most, blobs):
    """`count` distinct 8-bit colours in blobs, with counts 1...most spread evenly in the logarithm."""
    random = np.random.RandomState(seed)
    centres = random.uniform(25, 230, size=(blobs, 3))
    spreads = random.uniform(6, 28, size=blobs)
    colours = []
    seen = set()
    while len(colours) < count:
        blob = random.randint(blobs)
        colour = np.round(centres[blob] + spreads[blob] * random.standard_normal(3))
        key = tuple(int(v) for v in np.clip(colour, 0, 255))
        if key not in seen:
            seen.add(key)
            colours.append(key)
    counts = np.clip(np.round(np.exp(random.uniform(0, np.log(most), size=count))), 1, most)
    return random, np.array(colours, dtype=float), counts


def start_near(random, points, k, spread, step):
    """k means beside k different points."""
    chosen = random.choice(len(points), size=k, replace=False)
    return grid(points[chosen] + random.uniform(-spread, spread, size=(k, points.shape[1])), step)


def photo():
    random, points, counts = colour_blobs(seed=11, count=600, most=5000, blobs=9)
    means = start_near(random, points, 7, 4, 1 / 8)
    note = "600 distinct 8-bit colours with counts, clustered like those of a photo"
    return [Problem(f"photo-cprime{c}", note, points, counts, means, c, 12) for c in (1, 2, 3, 7)]


def counted():
    random, points, counts = colour_blobs(seed=21, count=200, most=6, blobs=5)
    means = start_near(random, points, 5, 4, 1 / 8)
    note = ("200 colours with counts 1...6; repeating every colour as often as its count, "
            "each with weight 1, must give the same results")
    return [Problem(f"counted-cprime{c}", note, points, counts, means, c, 10) for c in (1, 2, 5)]


def two_components():
    problems = []
    for kind, distance, seed in (("separated", 10.0, 31), ("overlapping", 1.0, 32)):
        random = np.random.RandomState(seed)
        direction = np.array([0.6, 0.64, 0.48])
        points = np.concatenate([
            random.standard_normal((120, 3)),
            random.standard_normal((80, 3)) + distance * direction,
        ])
        points = grid(points, 2.0**-10)
        means = start_near(random, points, 2, 0.5, 2.0**-10)
        if kind == "separated":  # begin with both means in the larger component
            means = grid(points[[3, 77]], 2.0**-10)
        note = f"two unit Gaussians {distance:g} standard deviations apart"
        weights = np.ones(len(points))
        problems += [
            Problem(f"two-{kind}-cprime{c}", note, points, weights, means, c, 20) for c in (1, 2)
        ]
    return problems


def unit_cube(dimension, seed, fractional):
    """80 points in 0...1 and five means."""
    random = np.random.RandomState(seed)
    centres = random.uniform(0.1, 0.9, size=(6, dimension))
    points = centres[random.randint(6, size=80)] + 0.09 * random.standard_normal((80, dimension))
    points = grid(np.clip(points, 0, 1), 2.0**-16)
    if fractional:
        weights = np.maximum(grid(random.uniform(0, 3, size=80), 2.0**-8), 2.0**-8)
    else:
        weights = random.randint(1, 10, size=80).astype(float)
    means = start_near(random, points, 5, 0.05, 2.0**-16)
    note = f"80 points in the unit cube of {dimension} dimension{'s' if dimension > 1 else ''}"
    if fractional:
        note += ", weights that are not whole numbers"
    label = "fractional" if fractional else "cube"
    return [
        Problem(f"{label}-d{dimension}-cprime{c}", note, points, weights, means, c, 8)
        for c in (1, 2, 5)
    ]


def dimensions():
    seeds = {1: 41, 2: 42, 3: 46, 4: 44, 5: 45}
    return [p for d, seed in seeds.items() for p in unit_cube(d, seed, fractional=False)]


def fractional_weights():
    return unit_cube(4, 51, fractional=True)


def degenerate():
    random, colours, counts = colour_blobs(seed=61, count=60, most=50, blobs=3)
    near = start_near(random, colours, 3, 4, 1 / 8)
    random, cloud, cloud_counts = colour_blobs(seed=62, count=60, most=50, blobs=1)
    in_cloud = start_near(random, cloud, 3, 4, 1 / 8)
    far = np.array([[4000.0, 4000.0, 4000.0]])
    alone = np.array([[12.0, 200.0, 34.0]])
    same = np.repeat(np.array([[90.0, 17.0, 255.0]]), 4, axis=0)
    line = np.arange(9.0)[:, None]
    square = np.array([[x, y] for x in (0.0, 2.0, 4.0) for y in (0.0, 2.0, 4.0)])

    def problem(name, note, points, weights, means, cprime, iterations, **flags):
        return Problem(name, note, np.asarray(points, dtype=float),
                       np.asarray(weights, dtype=float), np.asarray(means, dtype=float),
                       cprime, iterations, **flags)

    return [
        problem("far-component", "component 1 is far from every point: no weight, its mean stays",
                cloud, cloud_counts, np.insert(in_cloud, 1, far, axis=0), 1, 6,
                can_be_empty=True),
        problem("duplicated-means-hard",
                "components 0 and 1 begin at the same place; 0 wins every tie, so 1 has no weight "
                "in the first iteration",
                colours, counts, near[[0, 0, 1, 2]], 1, 6, has_ties=True, can_be_empty=True),
        problem("duplicated-means", "components 0 and 1 begin at the same place, C' = 2 of 4: points nearest to another "
                "component take 0 as their second, which parts the two",
                cloud, cloud_counts, in_cloud[[0, 0, 1, 2]], 2, 6, has_ties=True),
        problem("duplicated-means-full",
                "both components begin at the same place, C' = k = 2: they stay together",
                cloud, cloud_counts, in_cloud[[1, 1]], 2, 4),
        problem("exact-tie", "0...8 on a line, means 2 and 6: the point 4 belongs to component 0",
                line, np.ones(9), [[2.0], [6.0]], 1, 3, has_ties=True),
        problem("exact-ties-cprime2",
                "3 x 3 square grid with its centre and corners as means: ties for the second place, "
                "one iteration",
                square, np.arange(1, 10), [[4, 4], [0, 0], [4, 0], [0, 4], [2, 2]], 2, 1,
                has_ties=True),
        problem("one-point", "one point, a component that begins at it: the variance is 0",
                alone, [7], alone, 1, 2),
        problem("one-point-moved", "one point, a component that begins elsewhere",
                alone, [7], [[10.0, 190.0, 40.0]], 1, 3),
        problem("equal-points", "four equal points, a component that begins at them",
                same, [1, 2, 3, 4], same[:1], 1, 2),
        problem("equal-points-two-components",
                "four equal points and two components that begin elsewhere: component 0 stays",
                same, [1, 2, 3, 4], [[10.0, 10.0, 10.0], [80.0, 20.0, 250.0]], 1, 3,
                can_be_empty=True),
        problem("more-components-than-points", "two points, three components",
                [[0.0, 0.0, 0.0], [255.0, 255.0, 255.0]], [3, 5],
                [[250.0, 240.0, 255.0], [128.0, 128.0, 130.0], [5.0, 0.0, 9.0]], 1, 3,
                can_be_empty=True),
    ]


FILES = {
    "photo.json": photo,
    "counted.json": counted,
    "two-components.json": two_components,
    "dimensions.json": dimensions,
    "fractional-weights.json": fractional_weights,
    "degenerate.json": degenerate,
}


def verify_counts(problem, result):
    """One point a pixel gives what the colours with their counts give."""
    repeats = problem.weights.astype(int)
    pixels = np.repeat(problem.points, repeats, axis=0)
    expanded = run(
        Problem(problem.name + " expanded", "", pixels, np.ones(len(pixels)), problem.means,
                problem.cprime, problem.iterations), EXTENDED)
    assert close(expanded.free_energy, result.free_energy, 1e-15), problem.name
    assert close(expanded.inertia, result.inertia, 1e-15), problem.name
    assert close(expanded.sigma2, result.sigma2, 1e-15), problem.name
    assert close(expanded.means[-1], result.means[-1], 1e-15), problem.name


# --------------------------------------------------------------------------- the output


def numbers(values):
    """Nested lists of int (where the input is a whole number) and float."""
    if values is None:
        return None
    if np.ndim(values) == 0:
        return float(values)
    return [numbers(v) for v in values]


def inputs(values):
    if np.ndim(values) == 0:
        return int(values) if float(values).is_integer() else float(values)
    return [inputs(v) for v in values]


def record(problem, result):
    means, sigma2 = result.means[-2], result.sigma2[-2]  # those of the last E-step
    likelihood = gap = None
    if sigma2 > 0:
        inside = result.inside[-1]
        likelihood = free_energy(problem, EXTENDED, means, sigma2, np.ones_like(inside))
        gap = kl_divergence(problem, EXTENDED, means, sigma2, inside)
        if problem.cprime == len(problem.means):
            gap = 0.0
    return {
        "name": problem.name,
        "note": problem.note,
        "dimension": problem.points.shape[1],
        "cprime": problem.cprime,
        "iterations": problem.iterations,
        "means": inputs(problem.means),
        "freeEnergy": numbers(result.free_energy),
        "inertia": numbers(result.inertia),
        "sigma2": numbers(result.sigma2),
        "finalMeans": numbers(result.means[-1]),
        "finalSigma2": numbers(result.sigma2[-1]),
        "logLikelihoodPerPoint": numbers(likelihood),
        "boundGap": numbers(gap),
        "weights": inputs(problem.weights),
        "points": inputs(problem.points),
    }


def text(records):
    """A JSON list with one field a line. json writes floats by repr: they read back exactly."""
    cases = []
    for case in records:
        fields = [
            f"    {json.dumps(key)}: {json.dumps(value, separators=(',', ':'), allow_nan=False)}"
            for key, value in case.items()
        ]
        cases.append("  {\n" + ",\n".join(fields) + "\n  }")
    return "[\n" + ",\n".join(cases) + "\n]\n"


def same(a, b):
    """Equal, with AGREEMENT for the numbers."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return close(a, b, AGREEMENT)
    return a == b


def main():
    options = argparse.ArgumentParser(description="Expected results of truncated variational EM.")
    options.add_argument("--check", action="store_true",
                         help="compare with the files that are there instead of writing them")
    check = options.parse_args().check
    if np.finfo(np.longdouble).nmant < 63:
        sys.exit("long double is not wider than double on this machine: use x86-64")

    failed = False
    for file, make in FILES.items():
        records = []
        for problem in make():
            result = run(problem, EXTENDED)
            verify(problem, result)
            difference = verify_against_double(problem, result)
            if file == "counted.json":
                verify_counts(problem, result)
            records.append(record(problem, result))
            print(f"{problem.name:30} least gap {result.gap:8.1e}   "
                  f"exact ties {result.ties:3}   "
                  f"float64 differs by {difference:7.1e}")
        path = HERE / file
        if check:
            if not same(json.loads(path.read_text()), records):
                print(f"{file}: differs", file=sys.stderr)
                failed = True
        else:
            path.write_text(text(records))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
