#!/usr/bin/env python3
"""How fast the page of `quantize serve` is, in Chromium.

    Benchmarks/.venv/bin/python Benchmarks/serve.py [--command PATH] [--moves 40]

Starts a server, opens the page, and moves the slider of k between 2 and 64 on a picture
of 0.4 megapixels and on one of 12. Prints, as Markdown, the median and the 90th
percentile of the time from the request of a preview until the browser has painted it
(the page measures it itself), the same of the full result, the median time until the
page is seen first, and the bytes of the page.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from check_browser import Browser


def pictures(folder: Path) -> list[tuple[str, Path]]:
    """A sample, and the same enlarged, with the grain that cameras have."""
    small = ROOT / "samples/still-life.jpg"
    large = folder / "large.jpg"
    image = Image.open(small).convert("RGB").resize((4243, 2829), Image.BICUBIC)
    grain = Image.effect_noise(image.size, 12).convert("RGB")
    Image.blend(image, grain, 0.06).save(large, quality=92)
    return [("0.4 megapixels", small), ("12 megapixels", large)]


def wait(browser: Browser, condition: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not browser.run(f"return {condition}"):
        if time.monotonic() > end:
            sys.exit(f"serve.py: this did not come true: {condition}")
        time.sleep(0.01)


def previews(browser: Browser, file: Path, moves: int) -> tuple[list[float], list[float]]:
    """Milliseconds of previews, and of full results at the server."""
    browser.post(f"/element/{browser.find('#file')}/value", text=str(file))
    state = "document.documentElement.dataset.state"
    wait(browser, f"{state} === 'ready'")
    numbers = random.Random(1)
    quick, full = [], []
    colors = 16
    for _ in range(moves):
        # The same number again asks for nothing.
        colors = numbers.choice([k for k in range(2, 65) if k != colors])
        browser.run("window.lastPreviewMs = null")
        browser.run(
            "const e = document.querySelector('#colors-number'); e.value = arguments[0];"
            "e.dispatchEvent(new Event('input', {bubbles: true}));"
            "e.dispatchEvent(new Event('change', {bubbles: true}))",
            str(colors))
        wait(browser, "window.lastPreviewMs !== null")
        quick.append(browser.run("return window.lastPreviewMs"))
        began = time.monotonic()
        wait(browser, f"{state} === 'ready'")
        full.append(1e3 * (time.monotonic() - began))
    return quick, full


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the page is.")
    parser.add_argument(
        "--command", type=Path, default=ROOT / ".build/command/release/quantize")
    parser.add_argument("--moves", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = subprocess.Popen(
            [arguments.command, "serve", "--port", "0", "--quiet"],
            stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().strip()
        browser = Browser(folder / "profile")
        try:
            paints = []
            for _ in range(11):
                browser.open(address, 1280, 900, "light")
                wait(browser, "performance.getEntriesByName('first-contentful-paint')"
                     ".length > 0")
                paints.append(browser.run(
                    "return performance.getEntriesByName('first-contentful-paint')[0]"
                    ".startTime"))
            print(f"First paint: {statistics.median(paints):.0f} ms, median of 11 loads.\n")
            print("| picture | preview, median | 90 % | full result after it, median |")
            print("|---|---|---|---|")
            for title, file in pictures(folder):
                browser.open(address, 1280, 900, "light")
                wait(browser, "document.documentElement.dataset.state === 'empty'")
                quick, full = previews(browser, file, arguments.moves)
                tenth = sorted(quick)[int(0.9 * len(quick))]
                print(f"| {title} | {statistics.median(quick):.0f} ms | {tenth:.0f} ms "
                      f"| {statistics.median(full):.0f} ms |")
        finally:
            browser.quit()
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
