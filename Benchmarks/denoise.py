#!/usr/bin/env python3
"""Denoising with mixtures of patches, beside BM3D and non-local means.

    Benchmarks/.venv/bin/python Benchmarks/denoise.py ../shared/data/cq100 [--photos 6]

Grey crops of 256 × 256 get Gaussian noise of σ = 25. All overlapping patches, without
their means, are the rows of a table; `quantize fit` fits a mixture to these noisy
patches alone, and each patch becomes its truncated posterior mean. With a shared
variance that is Σ q_c μ_c; with full covariances each component's part is Wiener's, with
σ² taken off its covariance. Overlapping patches are averaged. BM3D (PyPI) and
scikit-image's non-local means are told σ as well. The table has PSNR in dB and seconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIGMA = 25.0
SIDE = 256


def patches(image: numpy.ndarray, size: int) -> numpy.ndarray:
    view = numpy.lib.stride_tricks.sliding_window_view(image, (size, size))
    return view.reshape(-1, size * size).copy()


def joined(rows: numpy.ndarray, size: int) -> numpy.ndarray:
    sums, counts = numpy.zeros((SIDE, SIDE)), numpy.zeros((SIDE, SIDE))
    width = SIDE - size + 1
    blocks = rows.reshape(width, width, size, size)
    for y in range(size):
        for x in range(size):
            sums[y:y + width, x:x + width] += blocks[:, :, y, x]
            counts[y:y + width, x:x + width] += 1
    return sums / counts


def ours(noisy, size: int, k: int, covariance: str, tool: str) -> numpy.ndarray:
    rows = patches(noisy, size)
    levels = rows.mean(1, keepdims=True)
    rows -= levels
    with tempfile.TemporaryDirectory() as folder:
        table, model, shares = (
            Path(folder, name) for name in ("t.npy", "m.npz", "r.npz"))
        numpy.save(table, rows)
        subprocess.run(
            [tool, "fit", table, "-k", str(k), "-c", "3", "--covariance", covariance,
             "--mixing", "learned", "--effort", "3", "--max-iterations", "15",
             "--model", model, "--responsibilities", shares, "-q"], check=True)
        mixture, shared = numpy.load(model), numpy.load(shares)
    means = mixture["means"]
    indices, weights = shared["indices"], shared["responsibilities"]
    clean = numpy.zeros_like(rows)
    if covariance == "shared":
        for place in range(indices.shape[1]):
            clean += weights[:, place, None] * means[indices[:, place]]
        return joined(clean + levels, size)
    for c in range(k):
        values, vectors = numpy.linalg.eigh(mixture["covariances"][c])
        gain = numpy.maximum(0, values - SIGMA**2) / values
        filtered = (vectors * gain) @ vectors.T
        for place in range(indices.shape[1]):
            own = indices[:, place] == c
            part = means[c] + (rows[own] - means[c]) @ filtered
            clean[own] += weights[own, place, None] * part
    return joined(clean + levels, size)


def main() -> None:
    import bm3d
    from skimage.restoration import denoise_nl_means

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=6)
    arguments = parser.parse_args()
    tool = os.environ.get("QUANTIZE_COMMAND") or subprocess.run(
        [ROOT / "scripts/build-command"], check=True, capture_output=True, text=True
    ).stdout.strip()
    methods = {
        "noisy": lambda noisy: noisy,
        "shared variance, k = 1,000, 8 × 8": lambda noisy: ours(
            noisy, 8, 1_000, "shared", tool),
        "full covariances, k = 20, 7 × 7": lambda noisy: ours(
            noisy, 7, 20, "full", tool),
        "non-local means": lambda noisy: 255 * denoise_nl_means(
            noisy / 255, h=0.8 * SIGMA / 255, sigma=SIGMA / 255, fast_mode=False,
            patch_size=7, patch_distance=11),
        "BM3D": lambda noisy: bm3d.bm3d(noisy, SIGMA),
    }
    every = sorted(arguments.folder.glob("*.png"))
    photos = every[:: len(every) // arguments.photos][: arguments.photos]
    random = numpy.random.default_rng(0)
    crops = []
    for photo in photos:
        image = numpy.asarray(Image.open(photo).convert("L"), float)
        y, x = (image.shape[0] - SIDE) // 2, (image.shape[1] - SIDE) // 2
        crops.append(image[y:y + SIDE, x:x + SIDE])
    noisy = [crop + random.normal(0, SIGMA, crop.shape) for crop in crops]
    print("| method | " + " | ".join(photo.stem for photo in photos) + " | seconds |")
    print("|---|" + "---:|" * (len(photos) + 1))
    for name, method in methods.items():
        figures, seconds = [], []
        for crop, input in zip(crops, noisy):
            begun = time.perf_counter()
            result = method(input)
            seconds.append(time.perf_counter() - begun)
            error = ((numpy.clip(result, 0, 255) - crop) ** 2).mean()
            figures.append(10 * numpy.log10(255**2 / error))
        print(f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures)
              + f" | {statistics.median(seconds):.1f} |", flush=True)


if __name__ == "__main__":
    main()
