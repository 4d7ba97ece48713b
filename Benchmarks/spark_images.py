"""A corpus on Spark beside the command on the same two cores.

    Benchmarks/.venv/bin/python Benchmarks/spark_images.py --images 250,500,1000,2000

Needs Java 17, the command of scripts/build-command, and the wheel of
scripts/build-wheel with its extra `spark`. Images are crops of photos, as JPEG. Spark
is started, and has read a few images, before it is timed: `local[2]`, no figures. The
command does both steps at once, `quantize batch --shared-palette`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

try:
    import numpy as np
    from PIL import Image
    from pyspark.sql import SparkSession
    from quantize.spark import corpus_palette, quantize_images
except ImportError as missing:
    sys.exit(f"{missing}: pip install the wheel of scripts/build-wheel with [spark]")


def crops(photos: list[Path], folder: Path, count: int) -> None:
    """Crops of photos, each another one, turned and resized a little."""
    folder.mkdir()
    random = np.random.default_rng(5)
    opened = [Image.open(photo).convert("RGB") for photo in photos]
    for n in range(count):
        photo = opened[n % len(opened)]
        scale = random.uniform(0.5, 1.0)
        width, height = (int(side * scale) for side in photo.size)
        left = random.integers(0, photo.width - width + 1)
        top = random.integers(0, photo.height - height + 1)
        part = photo.crop((left, top, left + width, top + height)).resize((640, 430))
        part.save(folder / f"{n:05}.jpg", quality=90)


def plot(rows: list[tuple[int, int, int]]) -> str:
    """Images against distinct colours and against the bytes that are sent."""
    width, height, left, bottom, top = 640, 300, 60, 250, 40
    panels = (
        ("distinct colours, millions", 1e6, [colors for _, colors, _ in rows]),
        ("kilobytes sent, an image", 1e3, [sent / n for n, _, sent in rows]),
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    ]
    span = 230
    most_images = max(n for n, _, _ in rows)
    for panel, (title, unit, values) in enumerate(panels):
        start = left + panel * 310
        most = max(values) / unit
        step = next(one for one in (0.5, 1, 2, 5, 10, 20, 50) if most / one <= 6)
        scale = (bottom - top) / (step * np.ceil(most / step))
        for tick in np.arange(0, most + step, step):
            y = bottom - tick * scale
            if y < top - 1:
                continue
            parts.append(
                f'<path d="M{start} {y:.1f}h{span}" stroke="#ddd"/>'
                f'<text x="{start - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>'
            )
        line = []
        for (images, _, _), value in zip(rows, values):
            x = start + span * images / most_images
            y = bottom - value / unit * scale
            line.append(f"{x:.1f},{y:.1f}")
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1d4ed8"/>')
        for images in (0, most_images // 2, most_images):
            x = start + span * images / most_images
            parts.append(
                f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{images:,}'
                "</text>"
            )
        parts.append(
            f'<polyline fill="none" stroke="#1d4ed8" points="{" ".join(line)}"/>'
            f'<text x="{start}" y="{top - 16}">{title}</text>'
            f'<text x="{start + span / 2}" y="{bottom + 36}" text-anchor="middle">images'
            "</text>"
        )
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--photos", type=Path, default=ROOT.parent / "shared/data/cq100")
    add("--command", type=Path, default=ROOT / ".build/command/release/quantize")
    add("--images", default="250,500,1000,2000")
    add("--partitions", type=int, default=8)
    add("-k", type=int, default=64)
    add("--plot", type=Path, help="an SVG to write")
    arguments = parser.parse_args()
    photos = sorted(arguments.photos.glob("*.png")) + sorted(
        arguments.photos.glob("*.jpg")
    )
    if not photos:
        sys.exit(f"{arguments.photos}: there are no photos")
    work = Path(tempfile.mkdtemp())
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    fit = {"k": arguments.k, "cprime": 1, "partitions": arguments.partitions}
    try:
        crops(photos, work / "warm", 16)
        palette, _ = corpus_palette(spark, work / "warm", **fit)
        quantize_images(
            spark, work / "warm", work / "warm-out", palette=palette, figures=False
        ).count()
        print(f"load {os.getloadavg()[0]:.1f}, {len(photos)} photos, k = {arguments.k}\n")
        print(
            "| images | colours | shuffled, an image | palette | images | command "
            "| ratio |\n|---|---|---|---|---|---|---|"
        )
        rows = []
        for count in map(int, arguments.images.split(",")):
            folder = work / f"in-{count}"
            crops(photos, folder, count)
            began = time.perf_counter()
            palette, report = corpus_palette(spark, folder, **fit)
            fitted = time.perf_counter()
            quantize_images(
                spark, folder, work / f"spark-{count}", palette=palette, figures=False
            ).count()
            ended = time.perf_counter()
            subprocess.run(
                [arguments.command, "batch", folder, "-k", str(arguments.k),
                 "--cprime", "1", "--shared-palette", "-q", "-o",
                 work / f"command-{count}", "--threads", "2"],
                check=True,
            )
            command = time.perf_counter() - ended
            for file in (work / f"command-{count}").glob("*.png"):
                ours = work / f"spark-{count}" / file.name
                if ours.read_bytes() != file.read_bytes():
                    sys.exit(f"{file.name}: other bytes than the command's")
            print(
                f"| {count:,} | {report.colors:,} "
                f"| {report.shuffle_bytes / count:,.0f} bytes | {fitted - began:.1f} s "
                f"| {ended - fitted:.1f} s | {command:.1f} s "
                f"| {(ended - began) / command:.2f} |",
                flush=True,
            )
            rows.append((count, report.colors, report.shuffle_bytes))
            for part in ("in", "spark", "command"):
                shutil.rmtree(work / f"{part}-{count}")
        if arguments.plot:
            arguments.plot.write_text(plot(rows))
    finally:
        spark.stop()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
