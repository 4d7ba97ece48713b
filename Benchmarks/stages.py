#!/usr/bin/env python3
"""Where the time goes: stages by effort, cost against k, soft against hard.

Prints Markdown tables. Every figure is the median of several runs of the whole
command, taken from its own report; what is to be judged is a ratio within one
table, never a single time. Needs the photos of CQ100 (see README.md) and
Pillow, which Benchmarks/setup installs.

    Benchmarks/.venv/bin/python Benchmarks/stages.py [--photos 20] [--big]
    Benchmarks/.venv/bin/python Benchmarks/stages.py --before COMMAND [--cprime 3]
    Benchmarks/.venv/bin/python Benchmarks/stages.py --mixing

The second form compares two builds of the command, run in turns on the same
photos, and prints only their ratios. The third prints only the last table of
`--big`.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import platform
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
COUNTS = (16, 64, 256)
ROUNDS = 7


def run(command: list[str]) -> float:
    """The wall time of a command; any failure ends the benchmark."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def report(tool: Path, image: Path, folder: Path, *options: str) -> dict:
    """Runs the command once; its report, with the wall time as `wall`, less what
    measuring the image for the report took."""
    output, record = folder / "out.png", folder / "report.json"
    wall = run(
        [str(tool), str(image), "-o", str(output), "--report", str(record)]
        + ["--force", *options]
    )
    result = json.loads(record.read_text())
    result["wall"] = wall - result["seconds"].get("metrics", 0)
    return result


def milliseconds(values: list[float]) -> str:
    return f"{1000 * statistics.median(values):.1f}"


def stage_table(
    tool: Path, photos: list[Path], efforts: list[int], folder: Path
) -> None:
    best_known = json.loads((photos[0].parent / "best_known.json").read_text())
    print("\n## Stages by effort\n")
    print(
        f"Medians over {len(photos)} photos, milliseconds; the ratio is the "
        "geometric mean of MSE over that of the best palette known.\n"
    )
    print(
        "| k | effort | histogram | fit | map | histogram + fit + map "
        "| decode + encode | whole command | MSE / best known |"
    )
    print("|" + "---|" * 9)
    for k in COUNTS:
        for effort in efforts:
            reports = [
                report(tool, p, folder, "-k", str(k), "--effort", str(effort))
                for p in photos
            ]
            seconds = [r["seconds"] for r in reports]
            ratio = math.exp(
                statistics.fmean(
                    math.log(r["mse"] / best_known[str(k)][p.stem])
                    for r, p in zip(reports, photos)
                )
            )
            cells = [
                milliseconds([s[stage] for s in seconds])
                for stage in ("histogram", "fit", "map")
            ]
            core = [s["histogram"] + s["fit"] + s["map"] for s in seconds]
            coding = [s["decode"] + s["encode"] for s in seconds]
            walls = [r["wall"] for r in reports]
            cells += [milliseconds(core), milliseconds(coding), milliseconds(walls)]
            print(f"| {k} | {effort} | {' | '.join(cells)} | {ratio:.4f} |", flush=True)


def ratio_table(
    before: Path, after: Path, photos: list[Path], efforts: list[int], folder: Path,
    cprime: int,
) -> None:
    """Medians of the ratios of two builds, each run `ROUNDS` times a photo in
    alternating order; of a photo the fastest run of each counts."""
    stages = ("decode", "histogram", "fit", "map", "encode")
    print("\n## After / before\n")
    print(f"Medians over {len(photos)} photos, C' = {cprime}.\n")
    print("| k | effort | " + " | ".join(stages) + " | whole command |")
    print("|" + "---|" * (len(stages) + 3))
    for k in COUNTS:
        for effort in efforts:
            options = ("-k", str(k), "--effort", str(effort), "-c", str(cprime))
            ratios = {name: [] for name in (*stages, "wall")}
            for photo in photos:
                best = ({}, {})
                for turn in range(ROUNDS):
                    tools = [(0, before), (1, after)]
                    for place, tool in tools[:: 1 if turn % 2 else -1]:
                        result = report(tool, photo, folder, *options)
                        times = {**result["seconds"], "wall": result["wall"]}
                        for name in ratios:
                            best[place][name] = min(
                                times[name], best[place].get(name, math.inf)
                            )
                for name, list_ in ratios.items():
                    list_.append(best[1][name] / best[0][name])
            cells = [f"{statistics.median(list_):.3f}" for list_ in ratios.values()]
            print(f"| {k} | {effort} | {' | '.join(cells)} |", flush=True)


def iteration_cost(
    tool: Path, photo: Path, folder: Path, k: int, cprime: int, iterations: int
) -> float:
    """Seconds an iteration: the fit of a run with iterations less one without.

    Starts at a palette that was searched, as the iterations of a real fit do.
    """
    start = folder / f"start-{k}.json"
    if not start.exists():
        effort = "1" if k > 256 else "3"
        run(
            [str(tool), str(photo), "-k", str(k), "--effort", effort, "--force"]
            + ["-o", str(folder / "x.png"), "--report", str(folder / "s.json")]
        )
        means = json.loads((folder / "s.json").read_text())["means"]
        start.write_text(json.dumps(means))
    options = ["--init", str(start), "-c", str(cprime), "--tolerance", "0"]

    def fit(count: int) -> float:
        runs = [
            report(tool, photo, folder, *options, "--max-iterations", str(count))
            for _ in range(3)
        ]
        return statistics.median(r["seconds"]["fit"] for r in runs)

    return max(1e-9, (fit(iterations) - fit(1)) / (iterations - 1))


def growth_table(tool: Path, photos: list[Path], folder: Path) -> None:
    print("\n## Cost of an iteration against k\n")
    counts = (4, 16, 64, 256, 1024, 4096)
    costs = {k: [] for k in counts}
    for number, photo in enumerate(photos):
        own = folder / f"growth-{number}"
        own.mkdir()
        for k in counts:
            costs[k].append(iteration_cost(tool, photo, own, k, 1, 21))
    print("| k | milliseconds an iteration | against k = 16 | brute force |")
    print("|---|---|---|---|")
    base = statistics.median(costs[16])
    for k in counts:
        median = statistics.median(costs[k])
        bar = "█" * max(1, round(4 * median / base))
        print(
            f"| {k} | {1000 * median:.2f} | {median / base:.2f} {bar} "
            f"| {k / 16:g} |",
            flush=True,
        )


def softness_table(tool: Path, photos: list[Path], folder: Path) -> None:
    print("\n## Soft against hard iterations\n")
    print("| k | C' = 1, ms | C' = 2 | C' = 3 |")
    print("|---|---|---|---|")
    for k in COUNTS:
        costs = {1: [], 2: [], 3: []}
        for number, photo in enumerate(photos):
            own = folder / f"soft-{k}-{number}"
            own.mkdir()
            for cprime in costs:
                costs[cprime].append(iteration_cost(tool, photo, own, k, cprime, 11))
        hard = statistics.median(costs[1])
        ratios = [
            statistics.median(s / h for s, h in zip(costs[c], costs[1]))
            for c in (2, 3)
        ]
        print(
            f"| {k} | {1000 * hard:.2f} | {ratios[0]:.1f} times "
            f"| {ratios[1]:.1f} times |",
            flush=True,
        )


def make_big(photos: list[Path], folder: Path) -> Path:
    """A 25-megapixel JPEG with grain: four photos enlarged four times."""
    random.seed(1)
    canvas = Image.new("RGB", (6144, 4096))
    wide = [p for p in photos if Image.open(p).size == (768, 512)][:4]
    for number, photo in enumerate(wide):
        large = Image.open(photo).convert("RGB").resize((3072, 2048), Image.BICUBIC)
        grain = Image.effect_noise((3072, 2048), 12).convert("RGB")
        large = Image.blend(large, grain, 0.06)
        canvas.paste(large, (3072 * (number % 2), 2048 * (number // 2)))
    path = folder / "big.jpg"
    canvas.save(path, quality=92)
    return path


def make_both(photos: list[Path], folder: Path) -> tuple[Path, Path]:
    """The same as a PNG, too."""
    image = make_big(photos, folder)
    as_png = folder / "big.png"
    Image.open(image).save(as_png, compress_level=6)
    return image, as_png


def big_table(
    tool: Path, photos: list[Path], pngquant: Path, folder: Path
) -> None:
    print("\n## 25 megapixels, JPEG to a PNG of 256 colours\n")
    image, as_png = make_both(photos, folder)
    other = folder / "other.png"
    rows = []
    for effort in ("2", "3", "5"):
        pairs = []
        for _ in range(3):
            ours = report(tool, image, folder, "-k", "256", "--effort", effort)
            theirs = run(
                [str(pngquant), "--nofs", "--force", "-o", str(other)]
                + ["256", str(as_png)]
            )
            pairs.append((ours, theirs))
        s = [p[0]["seconds"] for p in pairs]
        core = statistics.median(x["histogram"] + x["fit"] + x["map"] for x in s)
        coding = statistics.median(x["decode"] + x["encode"] for x in s)
        speed = statistics.median(t / o["wall"] for o, t in pairs)
        size = pairs[0][0]["outputBytes"] / other.stat().st_size
        rows.append(
            f"| {effort} | {pairs[0][0]['distinctColors']} | {core:.2f} | {coding:.2f} "
            f"| {core / coding:.2f} | {speed:.1f} | {100 * size - 100:+.1f} % |"
        )
    print(
        "| effort | distinct colours | histogram + fit + map, s | decode + encode, s "
        "| ratio | times as fast as pngquant 3 | size against its |"
    )
    print("|" + "---|" * 7)
    print("\n".join(rows), flush=True)


# What takes longer than the undithered command on a big picture.
MIXING = ("floyd-steinberg", "sierra", "atkinson", "riemersma", "blue-noise",
          "bayer4", "bayer8")


def used(command: list[str]) -> tuple[float, float, float]:
    """Wall time, processor time, and peak memory in MiB of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: status {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def mixing_table(
    tool: Path, photos: list[Path], pngquant: Path, folder: Path
) -> None:
    """The plain command, in turns with dithering, other extras and a peer."""
    print("\n## 25 megapixels, JPEG to a PNG of 256 colours, in turns\n")
    # In a process of its own: the peak of a child begins with that of its parent.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        image, as_png = pool.apply(make_both, (photos, folder))
    output = folder / "mixed.png"
    ours = [str(tool), str(image), "-o", str(output), "--force", "-q", "-k", "256"]
    ways = {"plain": ours}
    ways |= {f"`--dither {name}`": [*ours, "--dither", name] for name in MIXING}
    ways["`--perceptual`"] = [*ours, "--perceptual"]
    ways["`--optimize`"] = [*ours, "--optimize"]
    peer = [str(pngquant), "--force", "-o", str(output), "256", str(as_png)]
    ways["pngquant 3, PNG in"] = [peer[0], "--nofs", *peer[1:]]
    ways["pngquant 3, PNG in, dithered"] = peer
    runs = {name: [] for name in ways}
    sizes = {}
    for _ in range(5):
        for name, command in ways.items():
            runs[name].append(used(command))
            sizes[name] = output.stat().st_size
    print(
        "| | seconds | times plain | processor, s | times plain | peak, MiB | file, MB |"
    )
    print("|" + "---|" * 7)
    for name in ways:
        cells = []
        for i in (0, 1):
            ratio = statistics.median(
                one[i] / plain[i] for one, plain in zip(runs[name], runs["plain"])
            )
            cells += [f"{statistics.median(r[i] for r in runs[name]):.2f}", f"{ratio:.2f}"]
        peaks = [r[2] for r in runs[name]]
        cells.append(f"{min(peaks):.0f} to {max(peaks):.0f}")
        print(f"| {name} | {' | '.join(cells)} | {sizes[name] / 1e6:.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quantize", default=ROOT / ".build/command/release/quantize", type=Path)
    parser.add_argument("--before", type=Path, help="another build to compare with")
    parser.add_argument("--cprime", default=1, type=int, help="C' of --before")
    parser.add_argument("--data", default=ROOT.parent / "shared/data/cq100", type=Path)
    parser.add_argument("--photos", default=20, type=int)
    parser.add_argument("--efforts", default="1,2,3,4,5,6")
    parser.add_argument("--big", action="store_true", help="25 megapixels as well")
    parser.add_argument("--mixing", action="store_true", help="only the dithered ones of 25 megapixels")
    arguments = parser.parse_args()
    files = sorted(arguments.data.glob("*.png"))
    photos = files[:: max(1, len(files) // arguments.photos)][: arguments.photos]
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    print(
        f"{time.strftime('%Y-%m-%d')}, {model}, {os.cpu_count()} cores, "
        f"{platform.machine()}; load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        efforts = [int(e) for e in arguments.efforts.split(",")]
        pngquant = ROOT / "Benchmarks/.venv/bin/pngquant"
        if arguments.mixing:
            mixing_table(arguments.quantize, files, pngquant, folder)
            return
        if arguments.before:
            ratio_table(
                arguments.before, arguments.quantize, photos, efforts, folder,
                arguments.cprime,
            )
            return
        stage_table(arguments.quantize, photos, efforts, folder)
        growth_table(arguments.quantize, photos[:5], folder)
        softness_table(arguments.quantize, photos[:5], folder)
        if arguments.big:
            big_table(arguments.quantize, files, pngquant, folder)
            mixing_table(arguments.quantize, files, pngquant, folder)


if __name__ == "__main__":
    main()
