#!/usr/bin/env python3
"""Many clusters: 1,024 to 65,536 of them in one photo, beside other libraries.

All cluster the distinct colours of a photo, each weighted with its number of
pixels. What is compared is the squared error of a pixel to its nearest centre,
before centres are rounded, and the time from the decoded pixels to the centres:
for quantize the stages `histogram` and `fit` of its report, for libraries the
distinct colours and the fit, in a process of its own that has imported the
library. Who takes longer than --limit is stopped.

    Benchmarks/.venv/bin/python Benchmarks/large_k.py [PHOTO]
        [--counts 1024,4096,16384,65536] [--limit 600]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cq100
import numpy as np
from peers import Photo, distinct_colors

Centres = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def minibatch(rows: np.ndarray, counts: np.ndarray, k: int) -> np.ndarray:
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(n_clusters=k, n_init=1, batch_size=4096, random_state=0)
    return model.fit(rows, sample_weight=counts).cluster_centers_


def kmeans(rows: np.ndarray, counts: np.ndarray, k: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=1, random_state=0)
    return model.fit(rows, sample_weight=counts).cluster_centers_


def faiss_kmeans(rows: np.ndarray, counts: np.ndarray, k: int) -> np.ndarray:
    import faiss

    # By default faiss would train on 256 points a centroid only.
    model = faiss.Kmeans(
        3, k, niter=25, max_points_per_centroid=len(rows), min_points_per_centroid=1)
    model.train(rows, weights=counts.astype(np.float32))
    return model.centroids


LIBRARIES: dict[str, Centres] = {
    "faiss Kmeans, 25 iterations": faiss_kmeans,
    "MiniBatchKMeans, batches of 4,096": minibatch,
    "scikit-learn KMeans": kmeans,
}


def run_library(path: Path, fit: Centres, k: int, result: Path) -> None:
    """In a process of its own: imports first, then measures."""
    photo = Photo.load(path)
    fit(np.random.default_rng(0).random((64, 3), np.float32), np.ones(64), 4)
    start = time.perf_counter()
    rows, counts, _ = distinct_colors(photo.pixels)
    centres = fit(rows, counts, k)
    seconds = time.perf_counter() - start
    np.savez(result, centres=centres, seconds=seconds)


def error_of(centres: np.ndarray, rows: np.ndarray, counts: np.ndarray) -> float:
    """The mean squared distance of a pixel from its nearest centre."""
    from scipy.spatial import cKDTree

    distances, _ = cKDTree(np.asarray(centres, np.float64)).query(
        rows.astype(np.float64))
    return float((counts * distances**2).sum() / counts.sum())


def library(
    path: Path, fit: Centres, k: int, limit: float, folder: Path
) -> tuple[float, float] | None:
    """Error and seconds; None where it took too long."""
    result = folder / "centres.npz"
    result.unlink(missing_ok=True)
    process = multiprocessing.get_context("spawn").Process(
        target=run_library, args=(path, fit, k, result))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    if process.exitcode != 0:
        raise SystemExit(f"{fit.__name__} with {k} clusters failed")
    rows, counts, _ = distinct_colors(Photo.load(path).pixels)
    with np.load(result) as content:
        return error_of(content["centres"], rows, counts), float(content["seconds"])


def ours(
    binary: Path, path: Path, k: int, effort: int | None, folder: Path
) -> tuple[float, float]:
    report = folder / "report.json"
    command = [str(binary), str(path), "-k", str(k), "-o", str(folder / "out.png")]
    command += ["--report", str(report), "--force", "--quiet"]
    if effort is not None:
        command += ["--effort", str(effort)]
    subprocess.run(command, check=True)
    content = json.loads(report.read_text())
    seconds = content["seconds"]
    return content["inertia"], seconds["histogram"] + seconds["fit"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    data = cq100.ROOT / "../shared/data/cq100"
    add("photo", type=Path, nargs="?", default=data / "adirondack_chairs.png")
    add("--quantize", type=Path,
        default=cq100.ROOT / ".build/command/release/quantize")
    add("--counts", type=cq100.numbers, default=[1024, 4096, 16384, 65536])
    add("--limit", type=float, default=600, help="seconds for one run of a library")
    arguments = parser.parse_args()

    rows, counts, _ = distinct_colors(Photo.load(arguments.photo).pixels)
    print(
        f"{arguments.photo.stem}: {int(counts.sum()):,} pixels, {len(rows):,} colours. "
        f"{cq100.processor()}, {os.cpu_count()} cores; "
        f"load average {os.getloadavg()[0]:.2f}.\n")
    lines = [["", *(f"k = {k:,}" for k in arguments.counts)]]
    best: dict[int, float] = {}
    results: dict[str, dict[int, tuple[float, float] | None]] = {}
    with tempfile.TemporaryDirectory(prefix="large-k-") as name:
        folder = Path(name)
        for k in arguments.counts:
            for effort in (1, None, 8):
                label = f"effort {effort}" if effort else "default effort"
                runs = [ours(arguments.quantize, arguments.photo, k, effort, folder)]
                # What takes seconds is measured once.
                while runs[0][1] < 5 and len(runs) < 3:
                    runs.append(
                        ours(arguments.quantize, arguments.photo, k, effort, folder))
                results.setdefault(f"quantize, {label}", {})[k] = sorted(runs)[
                    len(runs) // 2]
            for label, fit in LIBRARIES.items():
                results.setdefault(label, {})[k] = library(
                    arguments.photo, fit, k, arguments.limit, folder)
            best[k] = results["quantize, default effort"][k][0]
            print(f"{k} done", file=sys.stderr, flush=True)
    for label, found in results.items():
        cells = []
        for k in arguments.counts:
            run = found[k]
            cells.append(
                f"over {arguments.limit:.0f} s" if run is None
                else f"{run[0] / best[k]:.3f}, {run[1]:.2f} s")
        lines.append([label, *cells])
    print("Error as a multiple of that of the default effort, and time.\n")
    print("\n".join(cq100.table(lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
