"""Makes the crops of docs/gallery.md from the samples.

Each crop shows, from left to right: the original, quantize as it is, quantize
--perceptual, and pngquant 3; all with the same number of colours.

    Benchmarks/.venv/bin/python Benchmarks/gallery.py
"""

import argparse
import pathlib
import subprocess
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
PNGQUANT3 = ROOT / "Benchmarks/.venv/bin/pngquant"

# Name, sample, colours, left, top, width, height.
CROPS = [
    ("sky", "sunset.jpg", 16, 60, 40, 190, 150),
    ("still-life", "still-life.jpg", 16, 470, 200, 190, 200),
    ("skin-and-ramps", "test-card.png", 32, 0, 0, 190, 190),
    ("logo", "logo.png", 16, 100, 60, 190, 190),
    ("pixel-art", "pixel-art.png", 14, 0, 0, 96, 96),
    ("cells", "cells.png", 8, 60, 60, 190, 150),
]


def shown(path):
    """On a pattern of two greys where it is transparent."""
    with Image.open(path) as image:
        image = image.convert("RGBA")
    back = Image.new("RGBA", image.size, (255, 255, 255, 255))
    for y in range(0, image.height, 8):
        for x in range((y // 8) % 2 * 8, image.width, 16):
            back.paste((204, 204, 204, 255), (x, y, x + 8, y + 8))
    return Image.alpha_composite(back, image).convert("RGB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quantize", default=str(ROOT / ".build/command/release/quantize"))
    parser.add_argument("--output", default=str(ROOT / "docs/images"))
    arguments = parser.parse_args()
    for name, sample, colors, left, top, width, height in CROPS:
        source = ROOT / "samples" / sample
        box = (left, top, left + width, top + height)
        with tempfile.TemporaryDirectory() as folder:
            outputs = []
            for i, command in enumerate([
                [arguments.quantize, source, "-k", str(colors), "-q"],
                [arguments.quantize, source, "-k", str(colors), "-q",
                 "--perceptual"],
                [PNGQUANT3, str(colors)],
            ]):
                out = f"{folder}/{i}.png"
                tail = [] if i < 2 else [source]
                if i == 2 and sample.endswith(".jpg"):
                    png = f"{folder}/in.png"
                    Image.open(source).save(png)
                    tail = [png]
                subprocess.run(
                    [*command, "-o", out, "--force", *tail], check=True)
                outputs.append(out)
            tiles = [shown(p).crop(box) for p in [source, *outputs]]
        sheet = Image.new(
            "RGB", (4 * width + 3 * 6, height), (128, 128, 128))
        for i, tile in enumerate(tiles):
            sheet.paste(tile, (i * (width + 6), 0))
        path = pathlib.Path(arguments.output) / f"gallery-{name}.png"
        sheet.save(path, optimize=True)
        print(path)


if __name__ == "__main__":
    main()
