"""`quantize recolor` beside plain quantising, on a picture of 25 megapixels.

    Benchmarks/.venv/bin/python Benchmarks/recolor.py

The picture is made of four photos of CQ100, enlarged, with grain, as a JPEG. Times are
medians of `--runs` alternating runs, with the most memory that a run took.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from min_region import ROOT, run
from stages import make_big

COMMANDS = {
    "quantise": ["-k", "8", "--cprime", "3"],
    "quantise, 16 colours": ["-k", "16", "--cprime", "3"],
    "quantise, in Oklab": ["-k", "16", "--cprime", "3", "--space", "oklab"],
    "recolor -k 8": ["recolor", "-k", "8"],
    "recolor": ["recolor"],
    "recolor --memory 200M": ["recolor", "--memory", "200M"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--command", type=Path, default=ROOT / ".build/command/release/quantize")
    add("--data", type=Path, default=ROOT / "../shared/data/cq100")
    add("--runs", type=int, default=5)
    arguments = parser.parse_args()
    photos = sorted(arguments.data.glob("*.png"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = make_big(photos, folder)
        found = {label: [] for label in COMMANDS}
        for _ in range(arguments.runs):
            for label, words in COMMANDS.items():
                command = [str(arguments.command), *words, str(picture)]
                if words[0] == "recolor":
                    command = [str(arguments.command), "recolor", str(picture)]
                    command += words[1:] + ["--from", "#b03020", "--to", "#2050c0"]
                command += ["-o", str(folder / "o.png"), "--force", "-q"]
                found[label].append(run(command))
    first = [seconds for seconds, _ in found["quantise"]]
    print("| command | seconds | times the first | memory |")
    print("|---|---|---|---|")
    for label, runs in found.items():
        ratio = statistics.median(s / f for (s, _), f in zip(runs, first))
        seconds = statistics.median(s for s, _ in runs)
        memory = max(bytes for _, bytes in runs) / (1 << 20)
        print(f"| {label} | {seconds:.2f} | {ratio:.2f} | {memory:.0f} MiB |")


if __name__ == "__main__":
    main()
