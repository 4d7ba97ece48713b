"""The part of the study beside other programs."""

from __future__ import annotations

import statistics
import time
import warnings

import numpy
import sklearn
import vamm_peer
from common import birch, china, interval, log_likelihood, missed, table
from engine import Table
from scipy.spatial import cKDTree
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture


def peers(quick: bool) -> str:
    text = (
        "## Beside scikit-learn and vamm\n\n"
        f"The grids again; scikit-learn {sklearn.__version__} with its own starts"
        + (", and the authors' own engine, "
           "[vamm](https://github.com/variational-sublinear-clustering/vamm) (commit 0170bc7), "
           "with its own (C' = 3, G = 15, E = 1, equal weights, one variance)"
           if vamm_peer.IS_HERE else "")
        + ". The likelihood is that of all components with equal weights and the variance of the fit (of "
        "`GaussianMixture` its own score, which has a variance and a weight for each component). J is "
        "the mean squared distance to the nearest mean. Times are medians, of `quantize` those of "
        "search and fit.\n\n")
    for side, each, starts in ((5, 400, 5 if quick else 100), (20, 100, 2 if quick else 20)):
        points, centers = birch(side, each, numpy.random.default_rng(side))
        text += (
            f"### {side} × {side}, {starts} seeds\n\n"
            + table(["", "optimal runs", "95 %", "clusters missed, mean", "log-likelihood, mean",
                     "J/N, mean", "seconds"], peer_rows(points, centers, starts))
            + "\n")
    if vamm_peer.IS_HERE:
        text += photograph_beside_vamm(quick)
    return text + (
        "[Benchmarks](benchmarks.md#soft-fits) has photographs and covariance matrices beside "
        "scikit-learn.\n")


def photograph_beside_vamm(quick: bool) -> str:
    points = china()
    data = Table(points)
    rows = []
    for k in (16,) if quick else (64, 256, 1_024):
        means, variance, _, distances, seconds = vamm_peer.fit(points, k, 3, seed=1)
        rows.append([
            str(k), "vamm", f"{log_likelihood(points, means, variance):.4f}",
            str(len(distances)), f"{seconds:.2f}"])
        for name, effort in (("quantize fit", None), ("quantize fit --effort 8", 8)):
            more = {} if effort is None else {"effort": effort}
            report = data.fit(3, components=k, **more)
            rows.append([
                str(k), name,
                f"{log_likelihood(points, numpy.array(report['means']), report['sigma2']):.4f}",
                str(report["iterations"]), f"{report['seconds']['fit']:.2f}"])
    return (
        f"### The {len(points):,} colours of a photograph\n\n"
        "`china.jpg`, each colour once, C' = 3, two threads, one seed, defaults otherwise. `quantize` "
        "makes most of its iterations on boxes of points before those that are counted.\n\n"
        + table(["k", "", "log-likelihood per colour", "iterations", "seconds"], rows) + "\n")


def peer_rows(points, centers, starts: int) -> list[list[str]]:
    components = len(centers)

    def row(name, fit) -> list[str]:
        found = []
        for seed in range(starts):
            begun = time.perf_counter()
            means, rest, *seconds = fit(seed)
            seconds = seconds[0] if seconds else time.perf_counter() - begun
            likelihood = (
                rest() if callable(rest) else log_likelihood(points, means, rest))
            error = (cKDTree(means).query(points)[0] ** 2).mean()
            found.append((missed(means, centers), likelihood, error, seconds))
        misses, likelihoods, errors, seconds = zip(*found)
        hits = sum(miss == 0 for miss in misses)
        low, high = interval(hits, starts)
        return [
            name, f"{hits} of {starts}", f"{low:.0%} to {high:.0%}",
            f"{statistics.fmean(misses):.2f}", f"{statistics.fmean(likelihoods):.4f}",
            f"{statistics.fmean(errors):.4f}", f"{statistics.median(seconds):.3f}"]

    def k_means(tries):
        def fit(seed):
            model = KMeans(components, n_init=tries, random_state=seed).fit(points)
            return model.cluster_centers_, model.inertia_ / points.size
        return fit

    def mixture(seed):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = GaussianMixture(
                components, covariance_type="spherical", random_state=seed,
                max_iter=500).fit(points)
        return model.means_, lambda: float(model.score(points))

    def vamm(seed):
        means, variance, _, _, seconds = vamm_peer.fit(points, components, 3, seed=seed)
        return means, variance, seconds

    data = Table(points)

    def own(cprime):
        def fit(seed):
            report = data.fit(cprime, components=components, seed=seed)
            return (
                numpy.array(report["means"]), report["sigma2"],
                report["seconds"]["fit"])
        return fit

    rows = [row(f"KMeans(n_init={tries})", k_means(tries)) for tries in (1, 10)]
    # With 400 components a fit of it takes minutes.
    if components < 100:
        rows.append(row('GaussianMixture("spherical")', mixture))
    if vamm_peer.IS_HERE:
        rows.append(row("vamm, C' = 3", vamm))
    return rows + [
        row(f"quantize fit --cprime {cprime}", own(cprime))
        for cprime in (1, 3, components)]
