"""`segment --min-region` beside the same command without it: time and memory.

    Benchmarks/.venv/bin/python Benchmarks/min_region.py --sides 1024,2048

Pictures are samples/cells.png, tiled, and noise. Times are medians of `--runs`
alternating runs.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    from PIL import Image
except ImportError as missing:
    sys.exit(f"{missing}: see Benchmarks/setup")

ROOT = Path(__file__).resolve().parent.parent


# A child counts the memory that its parent had when it was made: the parent must be
# small.
MEASURE = """
import os, sys, time
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_maxrss << 10)
sys.exit(status != 0)
"""


def run(command: list[str]) -> tuple[float, int]:
    """Seconds, and the most memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command], stdout=subprocess.PIPE,
        text=True, check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}: failed")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--command", type=Path, default=ROOT / ".build/command/release/quantize")
    add("--sides", default="1024,2048")
    add("--least", type=int, default=30)
    add("--runs", type=int, default=5)
    add("--main", action="store_true", help="the main command, and not segment")
    arguments = parser.parse_args()
    cells = np.asarray(Image.open(ROOT / "samples/cells.png").convert("RGB"))
    print("| picture | side | without | with | ratio | memory without | with |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for side in map(int, arguments.sides.split(",")):
            times = [-(-side // length) for length in cells.shape[:2]]
            tiled = np.tile(cells, (*times, 1))[:side, :side]
            noise = np.random.default_rng(1).integers(
                0, 256, (side, side, 3), dtype=np.uint8
            )
            for name, picture in (("cells", tiled), ("noise", noise)):
                path = f"{folder}/{name}.png"
                Image.fromarray(picture).save(path, compress_level=1)
                plain = [
                    str(arguments.command), *([] if arguments.main else ["segment"]),
                    path, "-k", "6", "-q", "--force", "-o", f"{folder}/out.png",
                ]
                both = [plain, [*plain, "--min-region", str(arguments.least)]]
                found = [[run(one) for one in both] for _ in range(arguments.runs)]
                seconds = [
                    statistics.median(row[n][0] for row in found) for n in (0, 1)
                ]
                memory = [max(row[n][1] for row in found) >> 20 for n in (0, 1)]
                print(
                    f"| {name} | {side:,} | {seconds[0]:.2f} s | {seconds[1]:.2f} s "
                    f"| {seconds[1] / seconds[0]:.1f} | {memory[0]} MiB "
                    f"| {memory[1]} MiB |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
