#!/usr/bin/env python3
"""Compares quantize with its peers on the CQ100 photos: error, time, bytes.

Photo by photo and number by number of colours, each program takes its turn, so
that what else the machine does hits all of them alike. See README.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import platform
import shlex
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

try:
    import numpy as np

    import peers
    from peers import PEERS, Output, Peer, PeerError, Photo
except ImportError as missing:
    sys.exit(f"{missing}: run Benchmarks/setup, then Benchmarks/.venv/bin/python")

Item = TypeVar("Item")

ROOT = peers.HERE.parent
# The best known errors are written with four decimals.
BEST_KNOWN_STEP = 1e-4
REPORT_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Record:
    """One run of one program. `error` says why there are no results."""

    photo: str
    colors: int
    peer: str
    mse: float = math.nan
    best_known: float = math.nan
    seconds: float = math.nan
    output_bytes: int | None = None
    colors_used: int = 0
    stages: dict[str, float] | None = None
    error: str | None = None


@dataclass(frozen=True)
class Run:
    """What is compared: photos, numbers of colours, programs in their order."""

    photos: list[Path]
    colors: list[int]
    ours: list[Peer]
    others: list[Peer]
    best_known: dict[str, dict[str, float]]
    slow_photos: int

    def takes(self, peer: Peer, colors: int) -> set[str]:
        """The names of the photos that a peer gets."""
        names = [path.stem for path in self.photos]
        if peer.slow_from is None or colors < peer.slow_from:
            return set(names)
        return set(spread(names, self.slow_photos))


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """`count` of the items, evenly spread over them; all when there are fewer."""
    if count >= len(items):
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]


# Measuring


def mean_squared_error(pixels: np.ndarray, original: np.ndarray) -> float:
    """The squared error summed over the channels, divided by the pixels.

    The sum is one of integers, so exact.
    """
    if pixels.shape != original.shape:
        raise PeerError(f"the output is {pixels.shape}, the photo {original.shape}")
    difference = pixels.astype(np.int32) - original.astype(np.int32)
    height, width, _ = original.shape
    return int(np.square(difference).sum(dtype=np.int64)) / (int(height) * int(width))


def count_colors(pixels: np.ndarray) -> int:
    channels = pixels.reshape(-1, 3).astype(np.uint32)
    return len(np.unique(channels[:, 0] << 16 | channels[:, 1] << 8 | channels[:, 2]))


def check(output: Output, mse: float, used: int, colors: int) -> None:
    """Raises unless an output has few enough colours and its report is right."""
    if used > colors:
        raise PeerError(f"{used} colours, asked for {colors}")
    if output.report is None:
        return
    reported = float(output.report["mse"])
    if abs(reported - mse) > REPORT_TOLERANCE:
        raise PeerError(f"its report says an error of {reported}, it is {mse}")
    if output.report["outputBytes"] != output.output_bytes:
        raise PeerError(f"its report says {output.report['outputBytes']} bytes")


def measure(peer: Peer, photo: Photo, colors: int, best: float) -> Record:
    """Runs a peer once. A failure becomes part of the record."""
    try:
        with tempfile.TemporaryDirectory(prefix="cq100-") as folder:
            output = peer.quantise(photo, colors, Path(folder))
        mse = mean_squared_error(output.pixels, photo.pixels)
        used = count_colors(output.pixels)
        check(output, mse, used, colors)
    # Libraries raise what they like; whatever it is, it is counted and shown.
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        return Record(photo.name, colors, peer.name, error=message)
    return Record(
        photo.name,
        colors,
        peer.name,
        mse,
        best,
        output.seconds,
        output.output_bytes,
        used,
        output.report["seconds"] if output.report else None,
    )


def measure_all(run: Run, keep: Path | None, about: dict[str, Any]) -> list[Record]:
    """Every run, in order; kept in a file after each photo if that has a name."""
    records: list[Record] = []
    for number, path in enumerate(run.photos, start=1):
        photo = Photo.load(path)
        for colors in run.colors:
            best = run.best_known[str(colors)][photo.name]
            for peer in [*run.ours, *run.others]:
                if photo.name not in run.takes(peer, colors):
                    continue
                record = measure(peer, photo, colors, best)
                records.append(record)
                if record.error:
                    print(f"FAILED {describe(record)}", file=sys.stderr)
        print(f"{number}/{len(run.photos)} {photo.name}", file=sys.stderr, flush=True)
        if keep:
            write_json(keep, about, records)
    return records


def describe(record: Record) -> str:
    return f"{record.peer}, {record.photo}, {record.colors} colours: {record.error}"


def write_json(path: Path, about: dict[str, Any], records: list[Record]) -> None:
    """Writes aside and renames, so an interrupted run leaves a whole file."""
    rows = [
        {key: value for key, value in asdict(record).items() if value == value}
        for record in records
    ]
    aside = path.with_name(path.name + ".part")
    aside.write_text(json.dumps({**about, "runs": rows}, indent=1) + "\n")
    aside.replace(path)


# Tables


HEADER = [
    "",
    "photos",
    "mean MSE",
    "MSE / best known",
    "MSE / ours",
    "median time",
    "our time / its time",
    "colours",
    "mean bytes",
    "failed",
]


def row(
    peer: Peer, attempted: list[Record], ours: dict[str, Record], photos: int
) -> list[str]:
    """A peer's line of the table for one number of colours."""
    done = [record for record in attempted if record.error is None]
    count = str(len(done)) + (f" of {photos}" if len(done) < photos else "")
    failed = str(len(attempted) - len(done))
    label = peer.name if peer.is_command else f"{peer.name} \\*"
    if not done:
        return [label, count, *["–"] * (len(HEADER) - 3), failed]
    pairs = [(record, ours[record.photo]) for record in done if record.photo in ours]
    to_ours = [theirs.mse / our.mse for theirs, our in pairs]
    times = [our.seconds / theirs.seconds for theirs, our in pairs]
    sizes = [record.output_bytes for record in done if record.output_bytes]
    return [
        label,
        count,
        f"{statistics.fmean(record.mse for record in done):.2f}",
        f"{geometric_mean([record.mse / record.best_known for record in done]):.4f}",
        f"{geometric_mean(to_ours):.4f}" if pairs else "–",
        f"{statistics.median(record.seconds for record in done):.3f} s",
        f"{statistics.median(times):.2f}" if pairs else "–",
        f"{statistics.fmean(record.colors_used for record in done):.1f}",
        f"{statistics.fmean(sizes):.0f}" if sizes else "–",
        failed,
    ]


def geometric_mean(values: list[float]) -> float:
    """Like statistics.geometric_mean, but 0 if a value is, for a photo without error."""
    return 0.0 if 0.0 in values else statistics.geometric_mean(values)


def table(rows: list[list[str]]) -> list[str]:
    """Markdown, with columns aligned for those who read it as text."""
    widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))]
    lines = []
    for line in rows:
        first, *rest = [
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        lines.append(f"| {' | '.join([first, *rest])} |")
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines.insert(1, f"| {' | '.join(rules)} |")
    return lines


def summarise(run: Run, records: list[Record], list_better: bool) -> list[str]:
    lines: list[str] = []
    for colors in run.colors:
        here = [record for record in records if record.colors == colors]
        by_peer = {
            peer.name: [record for record in here if record.peer == peer.name]
            for peer in [*run.ours, *run.others]
        }
        reference = {
            record.photo: record
            for record in by_peer[run.ours[0].name]
            if record.error is None
        }
        lines += [f"### {colors} colours", ""]
        rows = [
            row(peer, by_peer[peer.name], reference, len(run.photos))
            for peer in [*run.ours, *run.others]
        ]
        lines += [*table([HEADER, *rows]), ""]
        for peer in run.ours:
            lines += [*against_best_known(peer, by_peer[peer.name], list_better), ""]
    return lines


def against_best_known(
    peer: Peer, records: list[Record], list_better: bool
) -> list[str]:
    """On how many photos a configuration of ours beats the best known palette."""
    done = [record for record in records if record.error is None]
    better = [r for r in done if r.mse < r.best_known - BEST_KNOWN_STEP]
    equal = [r for r in done if abs(r.mse - r.best_known) <= BEST_KNOWN_STEP]
    lines = [
        f"{peer.name}: better than the best known palette on {len(better)} of "
        f"{len(done)} photos, as good on {len(equal)}."
    ]
    if list_better and better:
        lines.append("")
        lines += [
            f"- {record.photo}: {record.mse:.4f}, best known {record.best_known:.4f}"
            for record in better
        ]
    return lines


# The machine and the command line


def processor() -> str:
    """The model of the processor, as the system names it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown processor"


def describe_run(run: Run) -> dict[str, Any]:
    """Machine, date and versions; raises PeerError if a peer is missing."""
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.machine()}",
        "date": datetime.date.today().isoformat(),
        "load": round(os.getloadavg()[0], 2),
        "photos": len(run.photos),
        "peers": {
            peer.name: f"{peer.description}, version {peer.version()}"
            for peer in [*run.ours, *run.others]
        },
    }


def heading(run: Run, about: dict[str, Any], load: float) -> list[str]:
    lines = [
        f"{about['photos']} photos of CQ100. {about['machine']}, {about['date']}; "
        f"load average {about['load']:.2f} before, {load:.2f} after.",
        "",
        *(f"- {name}: {text}" for name, text in about["peers"].items()),
    ]
    if any(not peer.is_command for peer in run.others):
        lines += [
            "",
            "\\* A library: timed from the decoded to the mapped pixels, without "
            "start, decoding and encoding. The others are commands, timed from "
            "their start to the file on disk.",
        ]
    return [*lines, ""]


def named_options(text: str) -> tuple[str, list[str]]:
    name, equals, options = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text}: not NAME=OPTIONS")
    return name, shlex.split(options)


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: less than 1")
    return number


def peer_list(text: str) -> list[Peer]:
    unknown = [name for name in text.split(",") if name and name not in PEERS]
    if unknown:
        known = ", ".join(PEERS)
        raise argparse.ArgumentTypeError(f"{unknown[0]}: no peer; there are {known}")
    return [PEERS[name] for name in text.split(",") if name]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Compares quantize with its peers on the CQ100 photos.",
        epilog=f"Peers: {', '.join(PEERS)}.",
    )
    add = parser.add_argument
    add("--quantize", type=Path, default=ROOT / ".build/command/release/quantize")
    add(
        "--ours",
        type=named_options,
        action="append",
        metavar="NAME=OPTIONS",
        help="a configuration of quantize, repeatable; the first is 'ours' of the "
        "ratios (default: quantize=)",
    )
    add(
        "--quantize-options",
        default="",
        metavar="OPTIONS",
        help="options added to every configuration",
    )
    add("--peers", type=peer_list, metavar="A,B,C", help="'' for none")
    add("--data", type=Path, default=ROOT / "../shared/data/cq100")
    add("--colors", type=numbers, default=[4, 16, 64, 256], metavar="16,64")
    add("--photos", type=positive, default=100, help="so many, evenly spread")
    add(
        "--slow-photos",
        type=positive,
        default=20,
        help="most photos for a peer at the numbers of colours where it is slow",
    )
    add("--list-better", action="store_true", help="name photos better than best known")
    add("--json", type=Path, help="all runs, written after each photo")
    add("--markdown", type=Path, help="the tables")
    return parser.parse_args()


def prepare(arguments: argparse.Namespace) -> Run:
    """Checks the data and the names before an hour is spent."""
    common = shlex.split(arguments.quantize_options)
    others = arguments.peers
    if others is None:
        others = [peer for peer in PEERS.values() if peer.by_default]
    ours = [
        peers.ours(name, arguments.quantize, [*options, *common])
        for name, options in arguments.ours or [("quantize", [])]
    ]
    names = [peer.name for peer in [*ours, *others]]
    if len(set(names)) < len(names):
        raise PeerError(f"a name given twice: {', '.join(names)}")
    best_known = json.loads((arguments.data / "best_known.json").read_text())
    photos = spread(sorted(arguments.data.glob("*.png")), arguments.photos)
    if not photos:
        raise PeerError(f"no photos in {arguments.data}")
    for colors in arguments.colors:
        known = best_known.get(str(colors), {})
        unknown = [path.stem for path in photos if path.stem not in known]
        if unknown:
            raise PeerError(f"no best known error of {unknown[0]}, {colors} colours")
    return Run(
        photos, arguments.colors, ours, others, best_known, arguments.slow_photos
    )


def main() -> int:
    arguments = parse_arguments()
    try:
        run = prepare(arguments)
        about = describe_run(run)
        with tempfile.TemporaryDirectory(prefix="cq100-") as folder:
            for peer in run.others:
                if not peer.is_command:
                    peers.warm_up(peer, Path(folder))
    # ValueError: best_known.json is damaged.
    except (OSError, ValueError, PeerError) as error:
        print(f"cq100: {error}", file=sys.stderr)
        return 1
    records = measure_all(run, arguments.json, about)

    load = os.getloadavg()[0]
    lines = [
        *heading(run, about, load),
        *summarise(run, records, arguments.list_better),
    ]
    failures = [record for record in records if record.error]
    lines.append(f"{len(records)} runs, {len(failures)} failed.")
    lines += [f"- {describe(record)}" for record in failures]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if arguments.markdown:
        arguments.markdown.write_text(text)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
