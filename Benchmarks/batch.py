#!/usr/bin/env python3
"""How fast `quantize batch` goes through many images, and in what memory.

Makes images of 768x512 from the photos of CQ100, flipped and shifted, in a scratch
folder, and reduces them by turns: with the command once for each image, with
`quantize batch`, and with pngquant, two at a time, as it is and without dithering. Prints a Markdown table: the
median of the rounds' times, and of their ratios. The outputs of all of ours must be
the same bytes, whatever --jobs is.

    Benchmarks/.venv/bin/python Benchmarks/batch.py [--images 1000] [--rounds 3]

Needs the photos of CQ100 and Debian's pngquant; without that, its rows are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from peers import PNGQUANT2

ROOT = Path(__file__).resolve().parent.parent
HEIGHT, WIDTH = 512, 768


@dataclass
class Way:
    """A way to reduce all images."""

    name: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: int = 0
    outputs: dict[str, str] = field(default_factory=dict)


def photos(data: Path) -> list[Path]:
    """Those of the size, lying."""
    found = []
    for path in sorted(data.glob("*.png")):
        with Image.open(path) as image:
            if image.size == (WIDTH, HEIGHT):
                found.append(path)
    if not found:
        raise SystemExit(f"no photo of {WIDTH}x{HEIGHT} in {data}")
    return found


def make(data: Path, folder: Path, count: int) -> None:
    """Writes so many images: each photo as it is, then flipped and shifted."""
    sources = photos(data)
    for n in range(count):
        with Image.open(sources[n % len(sources)]) as image:
            pixels = np.asarray(image.convert("RGB"))
        variant = n // len(sources)
        if variant & 1:
            pixels = pixels[:, ::-1]
        if variant & 2:
            pixels = pixels[::-1]
        if variant:
            # What a shift uncovers is mirrored.
            down, right = 7 * variant, 11 * variant
            pixels = np.pad(
                pixels, ((down, 0), (right, 0), (0, 0)), mode="reflect"
            )[:HEIGHT, :WIDTH]
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            folder / f"{n:04}.png", compress_level=6
        )


def timed(way: Way, commands: list[list[str]], stdin: bytes | None = None) -> float:
    """Runs commands one after the other, and returns their wall time."""
    processor = 0.0
    start = time.perf_counter()
    for command in commands:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        ) as process:
            if stdin is not None:
                process.stdin.write(stdin)
                process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"failed: {' '.join(command[:6])} …")
        way.peak = max(way.peak, usage.ru_maxrss * 1024)
        processor += usage.ru_utime + usage.ru_stime
    seconds = time.perf_counter() - start
    way.seconds.append(seconds)
    way.processor.append(processor)
    return seconds


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.png"))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--quantize", type=Path, default=ROOT / ".build/command/release/quantize"
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared/data/cq100"
    )
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--colors", default="16,256")
    parser.add_argument("--memory", default="256M", help="the budget of one of ours")
    parser.add_argument("--scratch", type=Path, help="where images are made")
    options = parser.parse_args()

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="batch-", dir=options.scratch) as name:
        scratch = Path(name)
        images = scratch / "images"
        images.mkdir()
        make(options.data, images, options.images)
        for k in options.colors.split(","):
            measure(options, scratch, images, k)
    print(
        f"\n{options.images} images of {WIDTH}x{HEIGHT}, medians of "
        f"{options.rounds} rounds, {os.cpu_count()} cores, load average "
        f"{load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )


def ratio(one: Way, other: Way) -> str:
    """The median ratio of the times of the same round."""
    if not one.seconds:
        return ""
    return f"{statistics.median(a / b for a, b in zip(one.seconds, other.seconds)):.2f}"


def measure(
    options: argparse.Namespace, scratch: Path, images: Path, k: str
) -> None:
    single = Way("one process at a time")
    slow = Way("the same, --threads 1")
    batches = {
        f"batch{' ' + ' '.join(more) if more else ''}": more
        for more in (
            [],
            ["--jobs", "1"],
            ["--jobs", "4"],
            ["--memory", options.memory],
        )
    }
    ways = {name: Way(name) for name in batches}
    pngquants = {
        "xargs -P2 pngquant": [],
        "xargs -P2 pngquant --nofs": ["--nofs"],
    }
    peers = [Way(name) for name in pngquants]
    files = sorted(images.glob("*.png"))
    for _ in range(options.rounds):
        for way in (single, slow, *ways.values()):
            out = scratch / "out"
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            if way in (single, slow):
                more = ["--threads", "1"] if way is slow else []
                commands = [
                    [str(options.quantize), str(path), "-k", k, "--quiet"]
                    + ["-o", str(out / path.name), *more]
                    for path in files
                ]
            else:
                commands = [
                    [str(options.quantize), "batch", str(images), "-k", k, "--quiet"]
                    + ["-o", str(out), *batches[way.name]]
                ]
            timed(way, commands)
            way.outputs = digests(out)
            if way.outputs != single.outputs:
                raise SystemExit(f"k = {k}, {way.name}: other bytes")
        if not PNGQUANT2.exists():
            continue
        names = b"".join(os.fsencode(path) + b"\0" for path in files)
        for peer in peers:
            # Names its outputs by itself, beside the inputs.
            timed(
                peer,
                [
                    ["xargs", "-0", "-P2", "-n1", str(PNGQUANT2)]
                    + [*pngquants[peer.name], "--force", "--ext", "-fs8.out"]
                    + [k, "--"]
                ],
                names,
            )
            for path in images.glob("*-fs8.out"):
                path.unlink()

    if k == options.colors.split(",")[0]:
        print(
            "| k | | images/s | processor, ms an image | peak, MiB "
            "| one at a time / its time | pngquant / its time | pngquant --nofs / its time |"
        )
        print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for way in (single, slow, *ways.values(), *peers):
        if not way.seconds:
            continue
        peak = "" if way in peers else f"{way.peak / 2**20:.0f}"
        print(
            f"| {k} | {way.name} "
            f"| {len(files) / statistics.median(way.seconds):.1f} "
            f"| {1000 * statistics.median(way.processor) / len(files):.0f} | {peak} "
            f"| {ratio(single, way)} | {ratio(peers[0], way)} "
            f"| {ratio(peers[1], way)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
