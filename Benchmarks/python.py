#!/usr/bin/env python3
"""Compares the Python package with its peers: palettes, k-means and mixtures.

Needs the wheel of scripts/build-wheel in the environment. Each peer takes its
turn on the same input, so that what else the machine does hits all alike. See
README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
    import numpy as np
    import quantize
    from PIL import Image
    from quantize.sklearn import TruncatedGaussianMixture, TruncatedKMeans
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from sklearn.datasets import load_digits
    from sklearn.mixture import GaussianMixture
except ImportError as missing:
    sys.exit(
        f"{missing}: run Benchmarks/setup and scripts/build-wheel, install the "
        "wheel in Benchmarks/.venv, then use its python"
    )

ROOT = Path(__file__).resolve().parent.parent


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def in_turns(
    peers: dict[str, Callable[[], Any]], runs: int
) -> dict[str, tuple[float, Any]]:
    """The median time of each peer, and what it returned last."""
    times: dict[str, list[float]] = {name: [] for name in peers}
    results: dict[str, Any] = {}
    for _ in range(runs):
        for name, work in peers.items():
            seconds, results[name] = timed(work)
            times[name].append(seconds)
    return {
        name: (statistics.median(values), results[name])
        for name, values in times.items()
    }


def geometric(values: list[float]) -> float:
    return float(np.exp(np.mean(np.log(values))))


def photos(folder: Path, step: int) -> list[np.ndarray]:
    files = sorted(folder.glob("*.png"))[::step]
    if not files:
        sys.exit(f"{folder} has no PNG files")
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


def error(image: np.ndarray, mapped: np.ndarray) -> float:
    difference = image.astype(np.int32) - mapped
    return float((difference**2).sum(axis=2).mean())


def palettes(images: list[np.ndarray], runs: int) -> None:
    """`quantize.quantize` at k = 256 beside other packages."""

    def pillow(image: np.ndarray, **settings: Any) -> Callable[[], np.ndarray]:
        picture = Image.fromarray(image)
        none = Image.Dither.NONE
        return lambda: np.asarray(
            picture.quantize(256, dither=none, **settings).convert("RGB")
        )

    def ours(image: np.ndarray, **settings: Any) -> Callable[[], np.ndarray]:
        return lambda: quantize.quantize(image, k=256, cprime=1, **settings).pixels

    def peers(image: np.ndarray) -> dict[str, Callable[[], np.ndarray]]:
        found = {
            "quantize": ours(image),
            "quantize, effort=1": ours(image, effort=1),
            "Pillow, median cut": pillow(image, method=Image.Quantize.MEDIANCUT),
            "Pillow, kmeans=10": pillow(
                image, method=Image.Quantize.MEDIANCUT, kmeans=10
            ),
        }
        try:
            import imagequant

            found["imagequant"] = lambda: np.asarray(
                imagequant.quantize_pil_image(
                    Image.fromarray(image), dithering_level=0.0, max_colors=256
                ).convert("RGB")
            )
        except ImportError:
            print("imagequant is not installed and was left out", file=sys.stderr)
        try:
            import cv2

            def opencv() -> np.ndarray:
                points = image.reshape(-1, 3).astype(np.float32)
                criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
                cv2.setRNGSeed(1)
                _, labels, centers = cv2.kmeans(
                    points, 256, None, criteria, 1, cv2.KMEANS_PP_CENTERS
                )
                colors = np.clip(np.rint(centers), 0, 255).astype(np.uint8)
                return colors[labels.ravel()].reshape(image.shape)

            found["OpenCV kmeans, 10 iterations"] = opencv
        except ImportError:
            print("OpenCV is not installed and was left out", file=sys.stderr)
        return found

    ratios: dict[str, list[tuple[float, float]]] = {}
    for image in images:
        results = in_turns(peers(image), runs)
        base, mapped = results["quantize"]
        least = error(image, mapped)
        for name, (seconds, other) in results.items():
            ratios.setdefault(name, []).append(
                (error(image, other) / least, seconds / base)
            )
            times.setdefault(name, []).append(seconds)
    print("\n### Palettes of 256 colours\n")
    print(f"{len(images)} photos; the pixels in the palette's colours as an array.\n")
    print("| | error / ours | time / ours | median ms |\n|---|---|---|---|")
    for name, values in ratios.items():
        print(
            f"| {name} | {geometric([a for a, _ in values]):.3f} "
            f"| {geometric([b for _, b in values]):.2f} "
            f"| {1e3 * statistics.median(times[name]):.0f} |"
        )


times: dict[str, list[float]] = {}


def overhead(images: list[np.ndarray], command: Path, runs: int) -> None:
    """A call in Python beside the same stages in the command's process."""
    differences, calls = [], []
    with tempfile.TemporaryDirectory() as folder:
        for image in images:
            path = Path(folder, "in.png")
            Image.fromarray(image).save(path)
            report = Path(folder, "report.json")
            inside, outside = [], []
            for _ in range(runs):
                subprocess.run(
                    [command, path, "-k", "16", "-o", Path(folder, "out.png"),
                     "--threads", "1", "--report", report, "--force", "--quiet"],
                    check=True,
                )
                seconds = json.loads(report.read_text())["seconds"]
                inside.append(
                    sum(seconds[stage] for stage in ("histogram", "fit", "map"))
                )
                outside.append(
                    timed(
                        lambda: quantize.quantize(
                            image, k=16, cprime=1, threads=1
                        ).indices
                    )[0]
                )
            calls.append(statistics.median(outside))
            differences.append(calls[-1] - statistics.median(inside))
    print("\n### What a call costs\n")
    print(
        "`quantize.quantize(array, k=16, cprime=1, threads=1).indices` takes "
        f"{1e3 * statistics.median(calls):.1f} ms; the difference from histogram, fit "
        "and map in the process of the command is "
        f"{1e3 * statistics.median(differences):+.1f} ms (median of {len(images)} "
        "photos). A call with an image of 4 pixels takes "
        f"{1e3 * wrapping():.2f} ms."
    )


def wrapping() -> float:
    image = np.zeros((2, 2, 3), np.uint8)
    return statistics.median(
        timed(lambda: quantize.quantize(image, k=1, cprime=1).indices)[0]
        for _ in range(201)
    )


def imports(runs: int) -> None:
    """The import beyond that of NumPy."""

    def seconds(modules: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
        return time.perf_counter() - began

    differences = []
    for _ in range(runs):
        numpy = seconds("numpy")
        differences.append(seconds("numpy, quantize") - numpy)
    print(
        f"\n`import quantize` takes {1e3 * statistics.median(differences):.1f} ms "
        f"beyond `import numpy` (median of {runs} pairs)."
    )


def clusters(
    name: str, points: np.ndarray, k: int, runs: int, slow: bool, weights: Any = None
) -> None:
    """`TruncatedKMeans` beside other k-means."""
    fitted = {"sample_weight": weights} if weights is not None else {}

    def inertia(centers: np.ndarray) -> float:
        model = quantize.Model(centers)
        given = quantize.Points(points, weights)
        return model.evaluate(given, 1)["inertia"]

    def of(estimator: Any) -> Callable[[], np.ndarray]:
        return lambda: estimator.fit(points, **fitted).cluster_centers_

    peers: dict[str, Callable[[], np.ndarray]] = {
        "TruncatedKMeans": of(TruncatedKMeans(k, random_state=0)),
        "TruncatedKMeans, effort=1": of(TruncatedKMeans(k, effort=1, random_state=0)),
        "KMeans, lloyd": of(KMeans(k, n_init=1, random_state=0)),
        "MiniBatchKMeans": of(MiniBatchKMeans(k, n_init=1, random_state=0)),
    }
    if not slow:
        peers["KMeans, elkan"] = of(
            KMeans(k, n_init=1, random_state=0, algorithm="elkan")
        )
    try:
        import faiss

        def with_faiss() -> np.ndarray:
            kmeans = faiss.Kmeans(
                points.shape[1], k, niter=25, seed=1, min_points_per_centroid=1,
                max_points_per_centroid=len(points),
            )
            data = np.ascontiguousarray(points, dtype=np.float32)
            kmeans.train(
                data,
                weights=None if weights is None else weights.astype(np.float32),
            )
            return np.asarray(kmeans.centroids, dtype=np.float64)

        peers["faiss, 25 iterations"] = with_faiss
    except ImportError:
        print("faiss is not installed and was left out", file=sys.stderr)
    results = in_turns(peers, runs)
    base, centers = results["TruncatedKMeans"]
    least = inertia(centers)
    for peer, (seconds, found) in results.items():
        print(
            f"| {name} | {peer} | {inertia(found) / least:.4f} | {seconds:.3f} s "
            f"| {seconds / base:.1f} |",
            flush=True,
        )


def mixtures(images: list[np.ndarray], k: int, runs: int) -> None:
    """`TruncatedGaussianMixture` beside `GaussianMixture`, of all pixels."""
    print("\n### Spherical mixtures of colours\n")
    print(
        "`GaussianMixture` takes no weights, so that it gets every pixel; ours gets "
        "the distinct colours with their counts.\n"
    )
    print("| photo | k | | log-likelihood a pixel | time | time / ours |")
    print("|---|---|---|---|---|---|")
    for number, image in enumerate(images):
        pixels = image.reshape(-1, 3).astype(np.float64)
        colors, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)

        def ours() -> Any:
            mixture = TruncatedGaussianMixture(k, random_state=0)
            return mixture.fit(colors.astype(np.float64), sample_weight=counts)

        def truncated() -> Any:
            mixture = TruncatedGaussianMixture(k, cprime=4, random_state=0)
            return mixture.fit(colors.astype(np.float64), sample_weight=counts)

        def theirs() -> Any:
            mixture = GaussianMixture(k, covariance_type="spherical", random_state=0)
            return mixture.fit(pixels)

        results = in_turns(
            {
                "TruncatedGaussianMixture": ours,
                "the same, C' = 4": truncated,
                "GaussianMixture": theirs,
            },
            runs,
        )
        base = results["TruncatedGaussianMixture"][0]
        for name, (seconds, mixture) in results.items():
            print(
                f"| {number + 1} | {k} | {name} | {mixture.score(pixels):.4f} "
                f"| {seconds:.2f} s | {seconds / base:.1f} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=ROOT.parent / "shared/data/cq100")
    add("--command", type=Path, default=ROOT / ".build/command/release/quantize")
    add("--runs", type=int, default=3)
    add("--step", type=int, default=10, help="every so many photos")
    add("--large", action="store_true", help="also a million points, some minutes")
    arguments = parser.parse_args()
    images = photos(arguments.data, arguments.step)
    load = os.getloadavg()[0]
    print(f"quantize {quantize.__version__}, load {load:.1f}")
    imports(11)
    overhead(images[:5], arguments.command.resolve(), 7)
    palettes(images, arguments.runs)

    print("\n### k-means\n")
    print("| points | | inertia / ours | median time | time / ours |")
    print("|---|---|---|---|---|")
    for k in (64, 256):
        image = images[0]
        colors, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
        clusters(
            f"{len(colors)} colours, D = 3, k = {k}", colors.astype(np.float64), k,
            arguments.runs, slow=False, weights=counts.astype(np.float64),
        )
    clusters("digits, D = 64, k = 10", load_digits().data, 10, 5, slow=False)
    if arguments.large:
        random = np.random.default_rng(0)
        centers = random.normal(0, 4, (1000, 16))
        points = centers[random.integers(1000, size=1_000_000)]
        points = (points + random.normal(size=points.shape)).astype(np.float32)
        clusters("1 million, D = 16, k = 1000", points, 1000, 1, slow=True)
    mixtures(images[:3], 16, 1)


if __name__ == "__main__":
    main()
