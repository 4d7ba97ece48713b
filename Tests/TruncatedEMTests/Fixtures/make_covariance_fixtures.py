#!/usr/bin/env python3
"""Expected results of mixtures with covariance matrices, written from the mathematics alone.

    p(y) = sum_c pi_c Normal(y; mu_c, Sigma_c)

    cost     -log pi_c - log Normal(y_n; mu_c, Sigma_c)       (scipy.stats)
    K_n      the C' components of least cost
    start    mu given;  Sigma_c = max(floor, J / (D N)) I;  pi_c = 1 / C
    E-step   q_n(c) = exp(-cost) / (the same summed over K_n), 0 outside K_n
             F = sum_n w_n log sum_{c in K_n} exp(-cost)
    M-step   mu_c = sum_n w_n q_n(c) y_n / W_c,  W_c = sum_n w_n q_n(c)
             pi_c = W_c / N                                   if learned
             Sigma_c = sum_n w_n q_n(c) (y_n-mu_c)(y_n-mu_c)^T / W_c, or its diagonal;
             eigenvalues (of diagonal matrices, entries) below the floor become the floor

F falls in no step. For C' = C and learned proportions, all results are those of scikit-learn's
GaussianMixture after as many iterations from the same start, points repeated by their weights.

    make_covariance_fixtures.py            write covariances.json beside this script
    make_covariance_fixtures.py --check    calculate again and compare with the file that is there
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

HERE = Path(__file__).resolve().parent
FILE = HERE / "covariances.json"


def costs(points, weights, means, matrices):
    return np.stack([
        -np.log(pi) - multivariate_normal(mean, matrix).logpdf(points).reshape(len(points))
        for pi, mean, matrix in zip(weights, means, matrices)
    ], axis=1)


def floored(matrix, floor):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, floor)) @ vectors.T


def fit(case, points, counts):
    means = np.array(case["means"])
    components, dimension = means.shape
    nearest = ((points[:, None] - means) ** 2).sum(2).min(1)
    variance = max(case["floor"], (counts * nearest).sum() / (dimension * counts.sum()))
    matrices = np.array([variance * np.eye(dimension)] * components)
    weights = np.full(components, 1 / components)
    values = []
    for _ in range(case["iterations"]):
        cost = costs(points, weights, means, matrices)
        order = np.argsort(cost, axis=1, kind="stable")
        gaps = np.diff(np.sort(cost, axis=1), axis=1)
        if case["cprime"] < components:
            assert gaps[:, case["cprime"] - 1].min() > 1e-6
        kept = np.zeros(cost.shape, bool)
        np.put_along_axis(kept, order[:, : case["cprime"]], True, axis=1)
        log_joint = np.where(kept, -cost, -np.inf)
        evidence = logsumexp(log_joint, axis=1)
        values.append(float((counts * evidence).sum() / counts.sum()))
        shares = counts[:, None] * np.exp(log_joint - evidence[:, None])
        total = shares.sum(0)
        means = (shares.T @ points) / total[:, None]
        if case["mixing"] == "learned":
            weights = total / counts.sum()
        for c in range(components):
            rest = points - means[c]
            matrix = (shares[:, c, None] * rest).T @ rest / total[c]
            if case["shape"] == "diagonal":
                matrices[c] = np.diag(np.maximum(np.diag(matrix), case["floor"]))
            else:
                matrices[c] = floored(matrix, case["floor"])
    assert (np.diff(values) > -1e-12).all(), case["name"]
    last = costs(points, weights, means, matrices)
    likelihood = float((counts * logsumexp(-last, axis=1)).sum() / counts.sum())
    return values, means, weights, matrices, likelihood


def check_with_scikit_learn(case, points, counts, result):
    _, means, weights, matrices, likelihood = result
    start = np.array(case["means"])
    components, dimension = start.shape
    repeated = np.repeat(points, counts.astype(int), axis=0)
    nearest = ((points[:, None] - start) ** 2).sum(2).min(1)
    variance = (counts * nearest).sum() / (dimension * counts.sum())
    diagonal = case["shape"] == "diagonal"
    model = GaussianMixture(
        components, covariance_type="diag" if diagonal else "full", tol=0, reg_covar=0,
        max_iter=case["iterations"], means_init=start,
        weights_init=np.full(components, 1 / components),
        precisions_init=np.full((components, dimension), 1 / variance)
        if diagonal else np.array([np.eye(dimension) / variance] * components))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(repeated)
    theirs = model.covariances_
    if diagonal:
        theirs = np.array([np.diag(row) for row in theirs])
    scale = points.max() - points.min()
    assert np.abs(model.means_ - means).max() < 1e-9 * scale, case["name"]
    assert np.abs(model.weights_ - weights).max() < 1e-9, case["name"]
    assert np.abs(theirs - matrices).max() < 1e-9 * scale**2, case["name"]
    assert abs(model.score(repeated) - likelihood) < 1e-9, case["name"]


def cases():
    random = np.random.default_rng(25)
    for dimension in (1, 2, 3, 7):
        components = 4
        centers = random.normal(0, 3, (components, dimension))
        shears = random.normal(0, 0.7, (components, dimension, dimension))
        points = np.concatenate([
            center + random.normal(0, 1, (30, dimension)) @ (np.eye(dimension) + shear)
            for center, shear in zip(centers, shears)
        ]).astype(np.float32).astype(float)
        counts = random.integers(1, 5, len(points)).astype(float)
        means = (centers + random.normal(0, 0.5, centers.shape)).astype(np.float32).astype(float)
        for shape in ("diagonal", "full"):
            for mixing in ("equal", "learned"):
                for cprime in (1, 2, components):
                    for floor in (1e-9, 0.6):
                        yield {
                            "name": f"D = {dimension}, {shape}, {mixing}, C' = {cprime}, "
                                    f"floor {floor}",
                            "dimension": dimension, "shape": shape, "mixing": mixing,
                            "cprime": cprime, "floor": floor, "iterations": 8,
                            "means": means.tolist(), "points": points.tolist(),
                            "weights": counts.tolist()}


def made():
    results = []
    for case in cases():
        points, counts = np.array(case["points"]), np.array(case["weights"])
        result = fit(case, points, counts)
        if (case["cprime"] == len(case["means"]) and case["mixing"] == "learned"
                and case["floor"] < 1e-6):
            check_with_scikit_learn(case, points, counts, result)
        values, means, weights, matrices, likelihood = result
        results.append(case | {
            "freeEnergy": values, "finalMeans": means.tolist(),
            "finalProportions": weights.tolist(),
            "finalCovariances": matrices.reshape(len(means), -1).tolist(),
            "logLikelihoodPerPoint": likelihood})
    # Inputs are the same for all cases of a dimension: they are stored once.
    points = {}
    for case in results:
        data = {name: case.pop(name) for name in ("points", "weights")}
        points[str(case["dimension"])] = data
    return {"data": points, "cases": results}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    results = made()
    if not parser.parse_args().check:
        FILE.write_text(json.dumps(results, separators=(",", ":")) + "\n")
        return
    there = json.loads(FILE.read_text())
    flat = [np.concatenate([np.ravel(case[name]) for name in (
        "freeEnergy", "finalMeans", "finalProportions", "finalCovariances")])
        for group in (results, there) for case in group["cases"]]
    half = len(flat) // 2
    if any(np.abs(a - b).max() > 1e-9 for a, b in zip(flat[:half], flat[half:])):
        sys.exit(f"{FILE} differs")


if __name__ == "__main__":
    main()
