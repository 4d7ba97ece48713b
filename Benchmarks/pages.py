#!/usr/bin/env python3
"""Draws pages of documentation, as screenshots for other scripts to measure.

    Benchmarks/pages.py OUTPUT [--count 50] [--folder /usr/share/doc]

Chromium draws HTML files of Debian's packages in windows of four sizes, every
other one dark. Which ones depends on what is installed; a seed chooses among
them, at most six of a package, so that a second run on the same machine draws
the same pages.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SIZES = ("1024,768", "1280,900", "800,1200", "600,400")
OF_A_PACKAGE = 6
LEAST_BYTES = 4_000


def chosen(folder: Path, count: int) -> list[Path]:
    pages = sorted(
        p for p in folder.rglob("*.html")
        if p.is_file() and p.stat().st_size >= LEAST_BYTES)
    random.Random(1).shuffle(pages)
    taken: list[Path] = []
    packages: Counter[str] = Counter()
    for page in pages:
        package = page.relative_to(folder).parts[0]
        if packages[package] < OF_A_PACKAGE:
            packages[package] += 1
            taken.append(page)
    # Few packages have pages: fill up with more of theirs.
    taken += [p for p in pages if p not in set(taken)]
    return taken[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--count", default=50, type=int)
    parser.add_argument("--folder", default="/usr/share/doc", type=Path)
    parser.add_argument("--chromium", default="chromium")
    options = parser.parse_args()

    options.output.mkdir(parents=True, exist_ok=True)
    pages = chosen(options.folder, options.count)
    if len(pages) < options.count:
        print(f"only {len(pages)} pages in {options.folder}", file=sys.stderr)
    for n, page in enumerate(pages):
        target = options.output / f"page-{n:02}.png"
        with tempfile.TemporaryDirectory() as profile:
            dark = ["--force-dark-mode",
                    "--enable-features=WebContentsForceDark"]
            subprocess.run(
                [options.chromium, "--headless", "--no-sandbox",
                 "--hide-scrollbars", f"--user-data-dir={profile}",
                 f"--window-size={SIZES[n // 2 % len(SIZES)]}",
                 *(dark if n % 2 else []), f"--screenshot={target.resolve()}",
                 page.as_uri()],
                check=True, capture_output=True)
        print(target, page)


if __name__ == "__main__":
    main()
