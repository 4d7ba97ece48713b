#!/usr/bin/env python3
"""Error against time: every effort of quantize and every speed of its peers.

Photo by photo each program takes its turn, as in cq100.py, at one number of
colours. Prints a table and the points that are on the envelope, those to which
nothing is both faster and better, and draws a plot.

    Benchmarks/.venv/bin/python Benchmarks/tradeoff.py [--photos 20]
        [--colors 256] [--plot docs/images/error-time.svg]
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import cq100
import peers
from peers import Output, Peer, Photo
from PIL import Image

# A colour and the settings of each program, in the order of the plot.
OURS, PNGQUANT2, PNGQUANT3 = "quantize", "pngquant 2", "pngquant 3"
MAGICK, PILLOW = "ImageMagick", "Pillow"
HUES = {
    OURS: "#06c",
    PNGQUANT2: "#c40",
    PNGQUANT3: "#a0a",
    MAGICK: "#080",
    PILLOW: "#666",
}
PILLOW_PROGRAM = """
import sys
from PIL import Image
source, target, colors, method, kmeans = sys.argv[1:]
image = Image.open(source).convert("RGB")
image.quantize(int(colors), method=int(method), kmeans=int(kmeans),
               dither=Image.Dither.NONE).save(target)
"""


def command_peer(name: str, make: Callable[[Photo, int, Path], list[str]]) -> Peer:
    """A program that writes out.png, timed from its start to its end."""

    def quantise(photo: Photo, colors: int, folder: Path) -> Output:
        command = [str(part) for part in make(photo, colors, folder / "out.png")]
        return peers.finish_command(command, folder / "out.png")

    return Peer(name, name, lambda: "", quantise, is_command=True)


def pngquant(program: str, binary: Path, speed: int) -> Peer:
    return command_peer(
        f"{program}, speed {speed}",
        lambda photo, colors, out: [
            binary, "--nofs", "--speed", speed, "--force", "--output", out, colors,
            "--", photo.path,
        ],
    )


def pillow(label: str, method: int, kmeans: int) -> Peer:
    return command_peer(
        f"{PILLOW}, {label}",
        lambda photo, colors, out: [
            sys.executable, "-c", PILLOW_PROGRAM, photo.path, out, colors, method,
            kmeans,
        ],
    )


def settings(binary: Path) -> list[Peer]:
    """Every program with each of its settings."""
    efforts = [
        peers.ours(f"{OURS}, effort {level}", binary, ["--effort", str(level)])
        for level in range(1, 11)
    ]
    speeds = [
        pngquant(program, path, speed)
        for program, path in [
            (PNGQUANT2, peers.PNGQUANT2), (PNGQUANT3, peers.PNGQUANT3)]
        for speed in range(1, 12)
    ]
    others = [
        command_peer(
            f"{MAGICK}, -colors",
            lambda photo, colors, out: [
                peers.CONVERT, photo.path, "-dither", "None", "-colors", colors,
                f"PNG8:{out}",
            ],
        ),
        pillow("median cut", Image.Quantize.MEDIANCUT, 0),
        pillow("median cut, kmeans=1", Image.Quantize.MEDIANCUT, 1),
        pillow("maximum coverage", Image.Quantize.MAXCOVERAGE, 0),
        pillow("octree", Image.Quantize.FASTOCTREE, 0),
    ]
    return [*efforts, *speeds, *others]


def envelope(points: dict[str, tuple[float, float]]) -> list[str]:
    """The names to which no other is both faster and better."""
    return [
        name
        for name, (seconds, error) in points.items()
        if not any(
            other != name and s <= seconds and e <= error
            for other, (s, e) in points.items()
        )
    ]


def plot(points: dict[str, tuple[float, float]], colors: int) -> str:
    """Seconds against the error in excess of the best known, both logarithmic."""
    width, height = 640, 440
    left, right, top, bottom = 70, width - 20, 30, height - 50
    excess = {name: max(1e-4, e - 1) for name, (_, e) in points.items()}
    seconds = [s for s, _ in points.values()]
    x0, x1 = math.log10(min(seconds)) - 0.05, math.log10(max(seconds)) + 0.05
    y0 = math.log10(min(excess.values())) - 0.1
    y1 = math.log10(max(excess.values())) + 0.1

    def x(value: float) -> float:
        return left + (math.log10(value) - x0) / (x1 - x0) * (right - left)

    def y(value: float) -> float:
        return bottom - (math.log10(value) - y0) / (y1 - y0) * (bottom - top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for tick in [m * 10.0**p for p in range(-3, 3) for m in (1, 2, 5)]:
        if x0 <= math.log10(tick) <= x1:
            parts.append(
                f'<path d="M{x(tick):.1f} {top}V{bottom}" stroke="#ddd"/>'
                f'<text x="{x(tick):.1f}" y="{bottom + 16}" '
                f'text-anchor="middle">{tick:g} s</text>')
    for tick in [m * 10.0**p for p in range(-5, 2) for m in (1, 3)]:
        if y0 <= math.log10(tick) <= y1:
            parts.append(
                f'<path d="M{left} {y(tick):.1f}H{right}" stroke="#ddd"/>'
                f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" '
                f'text-anchor="end">+{100 * tick:g} %</text>')
    for place, (program, hue) in enumerate(HUES.items()):
        own = [
            (x(points[name][0]), y(excess[name]), name.split(", ", 1)[1])
            for name in points
            if name.startswith(program + ",")
        ]
        if program in (OURS, PNGQUANT2, PNGQUANT3):
            line = " ".join(f"{a:.1f},{b:.1f}" for a, b, _ in own)
            parts.append(
                f'<polyline fill="none" stroke="{hue}" stroke-width="1.5" '
                f'points="{line}"/>')
        for a, b, label in own:
            number = label.split()[-1] if label[-1].isdigit() else label
            if "=" in number:
                number = label
            anchor, shift = ("start", 5) if a < right - 110 else ("end", -5)
            parts.append(
                f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{hue}"/>'
                f'<text x="{a + shift:.1f}" '
                f'y="{b - 4:.1f}" font-size="9" fill="{hue}" '
                f'text-anchor="{anchor}">'
                f"{escape(number)}</text>")
        parts.append(
            f'<text x="{right - 90}" y="{top + 190 + 16 * place}" fill="{hue}">'
            f"{escape(program)}</text>")
    parts.append(
        f'<text x="{(left + right) / 2}" y="{height - 12}" text-anchor="middle">'
        "time of the whole command</text>"
        f'<text x="{left}" y="18">error above the best known, {colors} colours; '
        "numbers are efforts and speeds</text>"
        "</svg>")
    return "\n".join(parts) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--quantize", type=Path,
        default=cq100.ROOT / ".build/command/release/quantize")
    add("--data", type=Path, default=cq100.ROOT / "../shared/data/cq100")
    add("--photos", type=cq100.positive, default=20, help="so many, evenly spread")
    add("--colors", type=cq100.positive, default=256)
    add("--plot", type=Path, help="an SVG to write")
    arguments = parser.parse_args()

    best = cq100.json.loads((arguments.data / "best_known.json").read_text())
    best = best[str(arguments.colors)]
    photos = cq100.spread(sorted(arguments.data.glob("*.png")), arguments.photos)
    programs = settings(arguments.quantize)
    ratios: dict[str, list[float]] = {peer.name: [] for peer in programs}
    times: dict[str, list[float]] = {peer.name: [] for peer in programs}
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="tradeoff-") as folder:
        for number, path in enumerate(photos, start=1):
            photo = Photo.load(path)
            for peer in programs:
                room = Path(folder) / "run"
                room.mkdir()
                output = peer.quantise(photo, arguments.colors, room)
                error = cq100.mean_squared_error(output.pixels, photo.pixels)
                ratios[peer.name].append(error / best[photo.name])
                times[peer.name].append(output.seconds)
                for file in room.iterdir():
                    file.unlink()
                room.rmdir()
            print(f"{number}/{len(photos)} {photo.name}", file=sys.stderr, flush=True)

    points = {
        name: (statistics.median(times[name]), cq100.geometric_mean(ratios[name]))
        for name in ratios
    }
    best_of_all = set(envelope(points))
    rows = [["", "MSE / best known", "median time", "on the envelope"]]
    rows += [
        [name, f"{error:.4f}", f"{1000 * seconds:.0f} ms",
         "yes" if name in best_of_all else ""]
        for name, (seconds, error) in points.items()
    ]
    print(
        f"{len(photos)} photos of CQ100, {arguments.colors} colours. "
        f"{cq100.processor()}, {os.cpu_count()} cores; load average {load:.2f} "
        f"before, {os.getloadavg()[0]:.2f} after.\n")
    print("\n".join(cq100.table(rows)))
    if arguments.plot:
        arguments.plot.write_text(plot(points, arguments.colors))
    return 0


if __name__ == "__main__":
    sys.exit(main())
