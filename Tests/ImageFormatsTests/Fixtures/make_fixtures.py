#!/usr/bin/env python3
"""Makes the JPEG fixtures in this folder.

Needs Pillow, and cjpeg and djpeg of libjpeg-turbo. The tests read the files
that are committed and never run this. Names on the command line make only
those.
"""

import pathlib
import subprocess
import sys

from PIL import Image

HERE = pathlib.Path(__file__).parent
# Not a multiple of 8 or 16 either way.
WIDTH, HEIGHT = 37, 23


def pixel(x, y):
    return (x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), 255 - 3 * (x + y))


ONLY = sys.argv[1:]


def pixels_of(image):
    data = image.tobytes()
    count = len(image.getbands())
    return [tuple(data[i : i + count]) for i in range(0, len(data), count)]


def wanted(name):
    return not ONLY or name in ONLY


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
    "half-width": ["-sample", "2x1"],
    "half-height": ["-sample", "1x2"],
    "quarter-width": ["-sample", "4x1"],
    "uneven": ["-sample", "2x2,1x2,2x1"],
    # Divisors above 255, which baseline does not allow.
    "extended": ["-quality", "1"],
    "arithmetic": ["-arithmetic"],
    "arithmetic-progressive": ["-arithmetic", "-progressive"],
    "scans": ["-scans", str(scans)],
}.items():
    if wanted(name):
        run("cjpeg", "-quality", "95", *options, str(ppm), output=f"{name}.jpg")
scans.unlink()
if wanted("rgb"):
    source.save(HERE / "rgb.jpg", quality=95, keep_rgb=True)

# Four inks. Pillow writes them inverted, with an Adobe segment.
if wanted("cmyk"):
    inks = source.convert("CMYK")
    inks.putdata([(c, m, y, (c + 2 * m) // 6) for c, m, y, _ in pixels_of(inks)])
    inks.save(HERE / "cmyk.jpg", quality=95)
    adobe = (HERE / "cmyk.jpg").read_bytes()
    start = adobe.index(b"\xff\xee\x00\x0eAdobe")
    # Without the segment, and with one that says YCCK: the same data then means
    # other colours.
    (HERE / "cmyk-plain.jpg").write_bytes(adobe[:start] + adobe[start + 16 :])
    (HERE / "ycck.jpg").write_bytes(
        adobe[: start + 15] + b"\x02" + adobe[start + 16 :]
    )
    for name in ["cmyk", "cmyk-plain", "ycck"]:
        # Pillow takes all inks as inverted.
        stored = pixels_of(Image.open(HERE / f"{name}.jpg"))
        mixed = Image.new("RGB", (WIDTH, HEIGHT))
        mixed.putdata(
            [
                tuple(round((255 - ink) * (255 - k) / 255) for ink in (c, m, y))
                for c, m, y, k in stored
            ]
        )
        mixed.save(HERE / f"{name}.ppm")

# What djpeg makes of the others.
for jpeg in sorted(HERE.glob("*.jpg")):
    if wanted(jpeg.stem) and jpeg.stem not in ["cmyk", "cmyk-plain", "ycck"]:
        run("djpeg", "-dct", "int", "-rgb", str(jpeg), output=f"{jpeg.stem}.ppm")
