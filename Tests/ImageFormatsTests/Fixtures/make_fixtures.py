#!/usr/bin/env python3
"""Makes the JPEG fixtures in this folder.

Needs Pillow, and cjpeg and djpeg of libjpeg-turbo. The tests read the files
that are committed and never run this.
"""

import pathlib
import subprocess

from PIL import Image

HERE = pathlib.Path(__file__).parent
# Not a multiple of 8 or 16 either way.
WIDTH, HEIGHT = 37, 23


def pixel(x, y):
    return (x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), 255 - 3 * (x + y))


def run(*command, output):
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    (HERE / output).write_bytes(result.stdout)


source = Image.new("RGB", (WIDTH, HEIGHT))
source.putdata([pixel(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
ppm = HERE / "source.ppm"
source.save(ppm)

scans = HERE / "scans.txt"
scans.write_text("0;\n1;\n2;\n")
for name, options in {
    "baseline": ["-sample", "2x2"],
    "full-chroma": ["-sample", "1x1"],
    "grey": ["-grayscale"],
    "progressive": ["-progressive"],
    "restart": ["-restart", "1"],
    "arithmetic": ["-arithmetic"],
    "arithmetic-progressive": ["-arithmetic", "-progressive"],
    "scans": ["-scans", str(scans)],
}.items():
    run("cjpeg", "-quality", "95", *options, str(ppm), output=f"{name}.jpg")
scans.unlink()
source.save(HERE / "rgb.jpg", quality=95, keep_rgb=True)
source.convert("CMYK").save(HERE / "cmyk.jpg", quality=95)

# What djpeg makes of those that are to be read.
for jpeg in sorted(HERE.glob("*.jpg")):
    if jpeg.stem != "cmyk":
        run("djpeg", "-dct", "int", "-rgb", str(jpeg), output=f"{jpeg.stem}.ppm")
