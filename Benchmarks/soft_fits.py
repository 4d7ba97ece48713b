#!/usr/bin/env python3
"""Soft fits: where they end, how long they take, and covariance matrices.

    Benchmarks/.venv/bin/python Benchmarks/soft_fits.py ends ../shared/data/cq100 \\
        [--before COMMAND]
    Benchmarks/.venv/bin/python Benchmarks/soft_fits.py mixtures ../shared/data/cq100
    Benchmarks/.venv/bin/python Benchmarks/soft_fits.py matrices ../shared/data/cq100

`ends` compares default soft fits of 20 photos with 1,000 plain iterations of EM from
the same start, and with `--before` the time with that of another build. `mixtures`
compares free energies at C' = k with scikit-learn's GaussianMixture. `matrices`
compares the time of 20 iterations with diagonal and full covariances with
scikit-learn's, from the same start. Each prints a table in Markdown. All times are
medians of runs in turns; what is to be judged is a ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3


def command() -> str:
    return os.environ.get("QUANTIZE_COMMAND") or subprocess.run(
        [ROOT / "scripts/build-command"], check=True, capture_output=True, text=True
    ).stdout.strip()


def photos(folder: Path, count: int) -> list[Path]:
    every = sorted(folder.glob("*.png"))
    return every[:: len(every) // count][:count]


def run(tool, *arguments) -> dict:
    """The report of a command, with its wall time."""
    begun = time.perf_counter()
    done = subprocess.run(
        [str(tool), *map(str, arguments), "--report", "-", "-q"], check=True,
        capture_output=True)
    report = json.loads(done.stdout)
    report["wall"] = time.perf_counter() - begun
    return report


def row(*cells) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells) -> None:
    row(*cells)
    print("|" + "---:|" * len(cells))


def ends(tool: str, folder: Path, before: str | None) -> None:
    head("k", "C'", "F − F of 1,000 plain iterations: mean", "least", "below −0.002",
         "iterations", "rejected", "converged",
         "fit / fit before", "whole / whole before")
    with tempfile.TemporaryDirectory() as place:
        out = Path(place, "out.png")
        for k in (16, 64, 256):
            for cprime in (2, 3):
                gaps, steps, rejected, ended = [], [], [], 0
                fit, whole = [], []
                for photo in photos(folder, 20):
                    words = [photo, "-k", k, "-c", cprime, "-o", out, "--force"]
                    plain = run(tool, *words, "--acceleration", "none",
                                "--max-iterations", 1000, "--tolerance", 0)
                    ours = run(tool, *words)
                    gaps.append(ours["freeEnergy"][-1] - plain["freeEnergy"][-1])
                    steps.append(ours["iterations"])
                    rejected.append(ours["rejectedSteps"])
                    ended += ours["converged"]
                    if before is None:
                        continue
                    ratios = []
                    for _ in range(ROUNDS):
                        old, new = run(before, *words), run(tool, *words)
                        ratios.append((
                            new["seconds"]["fit"] / old["seconds"]["fit"],
                            new["wall"] / old["wall"]))
                    fit.append(statistics.median(ratio[0] for ratio in ratios))
                    whole.append(statistics.median(ratio[1] for ratio in ratios))
                row(k, cprime, f"{statistics.fmean(gaps):+.4f}", f"{min(gaps):+.4f}",
                    f"{sum(gap < -0.002 for gap in gaps)} of {len(gaps)}",
                    f"{statistics.fmean(steps):.1f}", f"{statistics.fmean(rejected):.1f}",
                    f"{ended} of {len(gaps)}",
                    f"{statistics.median(fit):.2f}" if fit else "",
                    f"{statistics.median(whole):.2f}" if whole else "")


def mixtures(tool: str, folder: Path) -> None:
    """Log-likelihoods per pixel at C' = k; of grey photos one shared variance is
    scikit-learn's `tied`."""
    from sklearn.mixture import GaussianMixture

    head("photo", "D", "covariance", "k", "quantize", "scikit-learn", "difference",
         "seconds", "its seconds")
    with tempfile.TemporaryDirectory() as place:
        for photo in photos(folder, 5):
            for mode, kind, theirs in (
                    ("RGB", "per-component", "spherical"), ("L", "shared", "tied")):
                picture = Image.open(photo).convert(mode)
                points = numpy.asarray(picture, float).reshape(
                    -1, 3 if mode == "RGB" else 1)
                values, counts = numpy.unique(points, axis=0, return_counts=True)
                table, weights = Path(place, "t.npy"), Path(place, "w.npy")
                numpy.save(table, values)
                numpy.save(weights, counts)
                for k in (4, 16):
                    report = run(
                        tool, "fit", table, "--weights", weights, "-k", k, "-c", k,
                        "--covariance", kind, "--mixing", "learned", "--force")
                    begun = time.perf_counter()
                    # The same least variance, or else components collapse on colours
                    # that occur often, and their density has no limit.
                    model = GaussianMixture(
                        k, covariance_type=theirs, random_state=0, max_iter=200,
                        reg_covar=1e-6 * points.var(axis=0).mean())
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        model.fit(points)
                    seconds = time.perf_counter() - begun
                    score = model.score(points)
                    row(photo.stem, points.shape[1], kind, k,
                        f"{report['finalFreeEnergy']:.4f}", f"{score:.4f}",
                        f"{report['finalFreeEnergy'] - score:+.4f}",
                        f"{report['seconds']['fit']:.2f}", f"{seconds:.1f}")


def matrices(tool: str, folder: Path) -> None:
    from sklearn.mixture import GaussianMixture

    random = numpy.random.default_rng(0)
    picture = numpy.asarray(
        Image.open(photos(folder, 20)[10]).convert("RGB"), float).reshape(-1, 3)
    centers = random.normal(0, 6, (64, 16))
    shears = numpy.eye(16) + random.normal(0, 0.3, (64, 16, 16))
    wide = numpy.concatenate([
        center + random.normal(0, 1, (1500, 16)) @ shear
        for center, shear in zip(centers, shears)])
    head("points", "D", "covariance", "k", "distinct points, weighted", "quantize, s",
         "scikit-learn, s", "times", "difference of log-likelihoods")
    with tempfile.TemporaryDirectory() as place:
        table, weights, start = (Path(place, name) for name in ("t.npy", "w.npy", "i.npy"))
        for points in (picture, wide):
            dimension = points.shape[1]
            values, counts = numpy.unique(points, axis=0, return_counts=True)
            numpy.save(table, values)
            numpy.save(weights, counts)
            for kind, theirs in (("diagonal", "diag"), ("full", "full")):
                for k in (16, 64):
                    means = values[random.choice(len(values), k, replace=False)]
                    numpy.save(start, means)
                    words = ["fit", table, "--weights", weights, "--init", start,
                             "-c", k, "--covariance", kind, "--mixing", "learned",
                             "--max-iterations", 20, "--tolerance", 0, "--force"]
                    reports = [run(tool, *words) for _ in range(ROUNDS)]
                    ours = statistics.median(r["seconds"]["fit"] for r in reports)
                    nearest = numpy.concatenate([
                        ((block[:, None] - means) ** 2).sum(2).min(1)
                        for block in numpy.array_split(points, 100)])
                    variance = nearest.mean() / dimension
                    seconds = []
                    for _ in range(ROUNDS):
                        model = GaussianMixture(
                            k, covariance_type=theirs, tol=0, reg_covar=1e-6,
                            max_iter=20, means_init=means,
                            weights_init=numpy.full(k, 1 / k),
                            precisions_init=numpy.full((k, dimension), 1 / variance)
                            if theirs == "diag"
                            else numpy.array([numpy.eye(dimension) / variance] * k))
                        # The start is given: labels of a search are not needed.
                        model.init_params = "random"
                        begun = time.perf_counter()
                        with warnings.catch_warnings():
                            warnings.simplefilter("ignore")
                            model.fit(points)
                        seconds.append(time.perf_counter() - begun)
                    peer = statistics.median(seconds)
                    difference = reports[0]["finalFreeEnergy"] - model.score(points)
                    row(len(points), dimension, kind, k, len(values), f"{ours:.2f}",
                        f"{peer:.2f}", f"{peer / ours:.1f}", f"{difference:+.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["ends", "mixtures", "matrices"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--before", help="another build of the command")
    arguments = parser.parse_args()
    tool = command()
    if arguments.what == "ends":
        ends(tool, arguments.folder, arguments.before)
    elif arguments.what == "mixtures":
        mixtures(tool, arguments.folder)
    else:
        matrices(tool, arguments.folder)


if __name__ == "__main__":
    main()
