"""The programs and libraries that cq100.py compares quantize with.

A peer gets a photo and a number of colours and gives the pixels it would show
and the wall time it took. Commands are timed from the start of the process to
its end, with the output on disk; libraries from the decoded pixels to the
mapped pixels, so without start, decoding and encoding.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
# By path: both packages call their command pngquant, and PATH may hold a
# wrapper of convert whose start would be counted.
PNGQUANT2 = Path("/usr/bin/pngquant")
PNGQUANT3 = HERE / ".venv/bin/pngquant"
CONVERT = Path("/usr/bin/convert")
TIMEOUT_SECONDS = 900
# Rows mapped at once: their distances to 256 entries fit a core's cache.
MAPPED_ROWS = 4096


class PeerError(Exception):
    """A command or library that failed, with what it said."""


@dataclass(frozen=True)
class Photo:
    """A photo, its pixels decoded once for all peers."""

    path: Path
    pixels: np.ndarray  # height x width x 3, uint8

    @property
    def name(self) -> str:
        return self.path.stem

    @staticmethod
    def load(path: Path) -> Photo:
        with Image.open(path) as image:
            if image.mode != "RGB":
                raise PeerError(f"{path}: mode {image.mode}, not RGB")
            return Photo(path, np.array(image))


@dataclass(frozen=True)
class Output:
    """What a peer made of a photo."""

    pixels: np.ndarray  # height x width x 3, uint8
    seconds: float
    output_bytes: int | None = None
    report: dict[str, Any] | None = None  # of quantize only


@dataclass(frozen=True)
class Peer:
    """A peer: its name, how it is called and timed, when it is too slow."""

    name: str
    description: str
    version: Callable[[], str]
    quantise: Callable[[Photo, int, Path], Output]
    is_command: bool
    slow_from: int | None = None  # colours from which --slow-photos limits it
    by_default: bool = True


# Commands


def run_command(command: list[str]) -> float:
    """Runs a command to its end and returns the wall time."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(str(error)) from error
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise PeerError(f"{' '.join(command)}: status {done.returncode}: {said}")
    return seconds


def first_line(command: list[str]) -> str:
    """The first line a command prints, its version for most."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PeerError(f"{error}; Benchmarks/setup installs the peers") from error
    return (done.stdout or done.stderr).strip().splitlines()[0]


def read_output(path: Path) -> np.ndarray:
    """The pixels of a written image, which must be opaque."""
    try:
        with Image.open(path) as image:
            pixels = np.array(image.convert("RGBA"))
    except (OSError, ValueError) as error:
        raise PeerError(f"{path.name}: {error}") from error
    if (pixels[..., 3] != 255).any():
        raise PeerError(f"{path.name}: not opaque")
    return pixels[..., :3]


def finish_command(command: list[str], output: Path) -> Output:
    """Runs a command that writes `output`, and reads that after the clock stopped."""
    seconds = run_command(command)
    if not output.exists():
        raise PeerError(f"{' '.join(command)}: no output")
    return Output(read_output(output), seconds, output.stat().st_size)


def quantize_runner(
    binary: Path, options: list[str]
) -> Callable[[Photo, int, Path], Output]:
    """Ours: the command as it is run, then once more with its report, for the checks."""

    def quantise(photo: Photo, colors: int, folder: Path) -> Output:
        output, report = folder / "ours.png", folder / "ours.json"
        command = [str(binary), str(photo.path), "-k", str(colors), "-o", str(output)]
        command += ["--force", "--quiet", *options]
        result = finish_command(command, output)
        written = output.read_bytes()
        # What is measured for a report is no part of quantising.
        run_command([*command, "--report", str(report)])
        if output.read_bytes() != written:
            raise PeerError("with --report the file is another")
        try:
            content = json.loads(report.read_text())
        except (OSError, ValueError) as error:
            raise PeerError(f"the report: {error}") from error
        return Output(result.pixels, result.seconds, result.output_bytes, content)

    return quantise


def pngquant_runner(binary: Path) -> Callable[[Photo, int, Path], Output]:
    def quantise(photo: Photo, colors: int, folder: Path) -> Output:
        output = folder / "pngquant.png"
        command = [str(binary), "--nofs", "--speed", "4", "--force"]
        command += ["--output", str(output), str(colors), "--", str(photo.path)]
        return finish_command(command, output)

    return quantise


def pngquant_version(binary: Path, major: str) -> str:
    version = first_line([str(binary), "--version"])
    if not version.startswith(f"{major}."):
        raise PeerError(f"{binary}: version {version}, not {major}")
    return version


def quantise_imagemagick(photo: Photo, colors: int, folder: Path) -> Output:
    output = folder / "imagemagick.png"
    command = [str(CONVERT), str(photo.path), "-dither", "None"]
    # PNG8, or convert would write the same pixels of 256 colours without a palette.
    command += ["-colors", str(colors), f"PNG8:{output}"]
    return finish_command(command, output)


# Libraries


def map_to_palette(colors: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The index of each colour's nearest entry, for rows of 8-bit values.

    Single precision is exact here: every term is an integer below 2^24.
    """
    entries = palette.astype(np.float32)
    norms = (entries**2).sum(axis=1)
    nearest = np.empty(len(colors), np.intp)
    for start in range(0, len(colors), MAPPED_ROWS):
        rows = colors[start : start + MAPPED_ROWS].astype(np.float32, copy=False)
        # Without the norm of the row, which is the same for every entry.
        distances = norms - 2 * (rows @ entries.T)
        nearest[start : start + MAPPED_ROWS] = distances.argmin(axis=1)
    return nearest


def round_palette(centres: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = np.rint(centres).clip(0, 255).astype(np.uint8)
    return rounded


def distinct_colors(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct colours, how often each occurs, and the row of each pixel."""
    channels = pixels.reshape(-1, 3).astype(np.uint32)
    codes = channels[:, 0] << 16 | channels[:, 1] << 8 | channels[:, 2]
    distinct, rows, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colors = np.stack([distinct >> 16, distinct >> 8 & 255, distinct & 255], axis=1)
    return colors.astype(np.float32), counts, rows


def pillow_runner(kmeans: int) -> Callable[[Photo, int, Path], Output]:
    """Pillow maps the pixels itself; its own mapping is what is measured."""

    def quantise(photo: Photo, colors: int, folder: Path) -> Output:
        image = Image.fromarray(photo.pixels)
        start = time.perf_counter()
        quantised = image.quantize(
            colors,
            method=Image.Quantize.MEDIANCUT,
            kmeans=kmeans,
            dither=Image.Dither.NONE,
        )
        seconds = time.perf_counter() - start
        return Output(np.array(quantised.convert("RGB")), seconds)

    return quantise


def quantise_sklearn(photo: Photo, colors: int, folder: Path) -> Output:
    from sklearn.cluster import KMeans

    start = time.perf_counter()
    rows, counts, row_of_pixel = distinct_colors(photo.pixels)
    model = KMeans(n_clusters=colors, n_init=1, random_state=0)
    model.fit(rows, sample_weight=counts)
    palette = round_palette(model.cluster_centers_)
    pixels = palette[map_to_palette(rows, palette)][row_of_pixel]
    seconds = time.perf_counter() - start
    return Output(pixels.reshape(photo.pixels.shape), seconds)


def opencv_runner(
    iterations: int, epsilon: float
) -> Callable[[Photo, int, Path], Output]:
    def quantise(photo: Photo, colors: int, folder: Path) -> Output:
        import cv2

        stop = cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER
        cv2.setRNGSeed(0)
        start = time.perf_counter()
        rows = photo.pixels.reshape(-1, 3).astype(np.float32)
        _, _, centres = cv2.kmeans(
            rows, colors, None, (stop, iterations, epsilon), 1, cv2.KMEANS_PP_CENTERS
        )
        palette = round_palette(centres)
        pixels = palette[map_to_palette(rows, palette)]
        seconds = time.perf_counter() - start
        return Output(pixels.reshape(photo.pixels.shape), seconds)

    return quantise


def quantise_faiss(photo: Photo, colors: int, folder: Path) -> Output:
    import faiss

    start = time.perf_counter()
    rows = photo.pixels.reshape(-1, 3).astype(np.float32)
    # By default faiss would train on 256 points a centroid only.
    model = faiss.Kmeans(3, colors, niter=25, max_points_per_centroid=len(rows))
    model.train(rows)
    palette = round_palette(model.centroids)
    pixels = palette[map_to_palette(rows, palette)]
    seconds = time.perf_counter() - start
    return Output(pixels.reshape(photo.pixels.shape), seconds)


def library_version(module: str) -> Callable[[], str]:
    def version() -> str:
        try:
            return str(importlib.import_module(module).__version__)
        except ImportError as error:
            raise PeerError(f"{error}; Benchmarks/setup installs the peers") from error

    return version


def warm_up(peer: Peer, folder: Path) -> None:
    """Imports a library and starts its threads before anything is timed."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    peer.quantise(Photo(Path("warm-up"), pixels), 4, folder)


def ours(name: str, binary: Path, options: list[str]) -> Peer:
    """A configuration of quantize."""
    return Peer(
        name,
        " ".join(["quantize", *options]),
        lambda: first_line([str(binary), "--version"]).removeprefix("quantize "),
        quantize_runner(binary, options),
        is_command=True,
    )


PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in [
        Peer(
            "pngquant2",
            "pngquant --nofs --speed 4 (Debian)",
            lambda: pngquant_version(PNGQUANT2, "2"),
            pngquant_runner(PNGQUANT2),
            is_command=True,
        ),
        Peer(
            "pngquant3",
            "pngquant --nofs --speed 4 (PyPI)",
            lambda: pngquant_version(PNGQUANT3, "3"),
            pngquant_runner(PNGQUANT3),
            is_command=True,
        ),
        Peer(
            "imagemagick",
            "convert -dither None -colors K",
            lambda: " ".join(first_line([str(CONVERT), "-version"]).split()[2:4]),
            quantise_imagemagick,
            is_command=True,
        ),
        Peer(
            "pillow",
            "Pillow, median cut",
            library_version("PIL"),
            pillow_runner(kmeans=0),
            is_command=False,
        ),
        Peer(
            # `kmeans` is no number of iterations: they end when fewer than
            # that many distinct colours change their entry.
            "pillow-kmeans",
            "Pillow, median cut, kmeans=10",
            library_version("PIL"),
            pillow_runner(kmeans=10),
            is_command=False,
            slow_from=4,
        ),
        Peer(
            "sklearn",
            "scikit-learn KMeans, n_init=1, weighted distinct colours",
            library_version("sklearn"),
            quantise_sklearn,
            is_command=False,
            slow_from=64,
        ),
        Peer(
            "opencv",
            "OpenCV kmeans, k-means++, 10 iterations or epsilon 1 (its tutorial's)",
            library_version("cv2"),
            opencv_runner(10, 1.0),
            is_command=False,
            slow_from=64,
        ),
        Peer(
            "opencv100",
            "OpenCV kmeans, k-means++, 100 iterations or epsilon 0.1",
            library_version("cv2"),
            opencv_runner(100, 0.1),
            is_command=False,
            slow_from=64,
            by_default=False,
        ),
        Peer(
            "faiss",
            "faiss Kmeans, 25 iterations, all pixels",
            library_version("faiss"),
            quantise_faiss,
            is_command=False,
        ),
    ]
}
