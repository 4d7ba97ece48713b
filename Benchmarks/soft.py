#!/usr/bin/env python3
"""Time and memory of soft outputs of a large picture.

A picture of so many megapixels, made from samples/still-life.jpg as huge.py makes
its own, with k = 16 and C' = 3. Memory is the most that was resident, as the system
counts it for the finished process.
"""

import argparse
import os
from pathlib import Path

import huge


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/quantize-huge"))
    parser.add_argument(
        "--quantize", default=str(huge.ROOT / ".build/command/release/quantize"))
    parser.add_argument("--megapixels", type=int, default=24)
    parser.add_argument("--formats", default="npz,exr,tif,ora")
    parser.add_argument("--limit", type=float, default=600, help="seconds for a run")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    path = huge.make(arguments.folder, arguments.megapixels, "png")
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print("| output | MB | s | peak, MB |\n|---|---:|---:|---:|")
    for ending in arguments.formats.split(","):
        output = arguments.folder / f"soft.{ending}"
        result = huge.run(
            [arguments.quantize, path, "-k", "16", "--cprime", "3", "-q", "-f",
             "-o", arguments.folder / "soft.png", "--responsibilities", output],
            arguments.limit)
        if result is None or not result[2]:
            print(f"| .{ending} | | failed | |", flush=True)
            continue
        seconds, peak, _ = result
        print(f"| .{ending} | {output.stat().st_size / 1e6:.0f} | {seconds:.1f} "
              f"| {peak / (1 << 20):.0f} |", flush=True)
        output.unlink()


if __name__ == "__main__":
    main()
