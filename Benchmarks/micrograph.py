#!/usr/bin/env python3
"""Segments of a micrograph of two 16-bit channels with known labels, beside
scikit-learn's GaussianMixture and scikit-image's majority filter.

    python Benchmarks/micrograph.py [--size 2048] [--rounds 3]

The image is that of samples/cells.py. Both read the same TIFF and write a label map.
The peer fits a mixture with full covariances, predicts, and gives each pixel the label
that most of the pixels within 2 have. Prints the adjusted Rand index with the truth and
the median of times, taken in turn.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import tifffile
from skimage.filters.rank import majority
from skimage.morphology import disk
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "samples"))
import cells  # noqa: E402


def peer(path, output, covariance):
    """What a script with scikit-learn and scikit-image does."""
    channels = tifffile.imread(path)
    points = np.moveaxis(channels, 0, -1).reshape(-1, 2).astype(float)
    points = (points - points.min(0)) / (points.max(0) - points.min(0))
    mixture = GaussianMixture(4, covariance_type=covariance, random_state=0)
    labels = mixture.fit_predict(points).reshape(channels.shape[1:])
    labels = majority(labels.astype(np.uint8), disk(2))
    tifffile.imwrite(output, labels)


def ours(command, path, output, smooth):
    subprocess.run(
        [command, "segment", path, "-k", "4", "-c", "3", "--mixing", "learned",
         "--smooth", str(smooth), "-o", output, "--force", "--quiet"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=2048)
    parser.add_argument("--noise", type=float, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--quantize", default=str(ROOT / ".build/command/release/quantize"))
    arguments = parser.parse_args()
    truth, stack = cells.stack(1, arguments.size, arguments.noise)
    work = Path(tempfile.mkdtemp())
    image = work / "cells.tif"
    tifffile.imwrite(image, stack[0], imagej=True, metadata={"axes": "CYX"})
    rows = {
        "quantize segment --smooth 2":
            lambda out: ours(arguments.quantize, image, out, 2),
        "quantize segment --smooth 0":
            lambda out: ours(arguments.quantize, image, out, 0),
        "GaussianMixture (full) + majority":
            lambda out: peer(image, out, "full"),
        "GaussianMixture (spherical) + majority":
            lambda out: peer(image, out, "spherical"),
    }
    times = {name: [] for name in rows}
    scores = {}
    for _ in range(arguments.rounds):
        for name, run in rows.items():
            output = work / "labels.tif"
            start = time.perf_counter()
            run(output)
            times[name].append(time.perf_counter() - start)
            if name not in scores:
                labels = tifffile.imread(output)
                scores[name] = adjusted_rand_score(truth[0].ravel(), labels.ravel())
    medians = {name: statistics.median(values) for name, values in times.items()}
    first = next(iter(medians.values()))
    print(f"{arguments.size} x {arguments.size} pixels, load {os.getloadavg()[0]:.1f}")
    print("| | adjusted Rand index | seconds | of ours |\n|---|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {scores[name]:.4f} | {median:.2f} | {median / first:.1f} |")


if __name__ == "__main__":
    main()
