#!/usr/bin/env python3
"""Puts layers together with programs that are not ours, and compares the result with
the image: every sample must be the same.

    scripts/check-soft            # installs the readers, then runs this

Pillow, pyora, psd-tools, tifffile and OpenEXR are Python packages; ImageMagick, GIMP and
Krita are run where they are installed (scripts/setup --viewers).
"""

import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

import imagecodecs
import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
failures = 0
skipped = {}


def reader(name):
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - a missing library is an OSError
        skipped[name] = str(error).splitlines()[0]
        return None


def program(name, *others):
    for candidate in (name, *others):
        path = shutil.which(candidate)
        if path:
            return path
    skipped[name] = "not installed"
    return None


def check(what, made, picture):
    """Compares samples; what is fully transparent has no colour."""
    global failures
    made, picture = numpy.asarray(made).astype(int), picture.astype(int)
    if made.shape[2] == 4 and picture.shape[2] == 3:
        alpha = numpy.full_like(picture[:, :, :1], made[:, :, 3].max())
        picture = numpy.concatenate([picture, alpha], 2)
    if made.shape[2] == 4:
        made[made[:, :, 3] == 0] = 0
        picture = picture.copy()
        picture[picture[:, :, 3] == 0] = 0
    worst = abs(made - picture).max()
    failures += worst != 0
    print(f"{'ok  ' if worst == 0 else 'FAIL'} {what}: off by {worst}, "
          f"{(made != picture).any(2).sum()} pixels")


def over(layers, most, rounds):
    """Layers over each other from the bottom, straight alpha; rounded each time or at
    the end."""
    canvas = None
    for layer in layers:
        layer = layer.astype(float)
        if canvas is None:
            canvas = layer
            continue
        above, below = layer[:, :, 3:] / most, canvas[:, :, 3:] / most
        alpha = above + (1 - above) * below
        color = above * layer[:, :, :3] + (1 - above) * below * canvas[:, :, :3]
        color = numpy.where(alpha > 0, color / numpy.where(alpha > 0, alpha, 1), 0)
        canvas = numpy.concatenate([color, alpha * most], 2)
        if rounds:
            canvas = numpy.floor(canvas + 0.5)
    return numpy.floor(canvas + 0.5)


def added(layers):
    return sum(layer.astype(int)[:, :, :3] for layer in layers)


def composed(name, layers, blend, most, picture):
    """By the definitions; `layers` come from the bottom."""
    if blend == "add":
        check(f"{name}, added", added(layers), picture)
        return
    check(f"{name}, rounded after each layer", over(layers, most, True), picture)
    check(f"{name}, rounded once", over(layers, most, False), picture)
    if most == 255:
        canvas = Image.fromarray(layers[0].astype(numpy.uint8))
        for layer in layers[1:]:
            canvas = Image.alpha_composite(
                canvas, Image.fromarray(layer.astype(numpy.uint8)))
        check(f"{name}, by Pillow", canvas, picture)


def read_png(file):
    """Samples of a PNG of 8 or 16 bits."""
    data = file.read() if hasattr(file, "read") else pathlib.Path(file).read_bytes()
    return imagecodecs.png_decode(data)


def magick(name, folder, arguments, blend, picture):
    convert = program("convert", "magick")
    if not convert:
        return
    # Other programs have this name as well.
    about = subprocess.run([convert, "-version"], capture_output=True, text=True, check=False)
    if "ImageMagick" not in about.stdout or about.returncode:
        skipped["ImageMagick"] = f"{convert} is another program"
        return
    out = folder / "flat.png"
    # To 8 bits it cuts off, and transparency, not alpha: those are rounded here.
    is_deep = picture.dtype == numpy.uint16
    depth = "16" if is_deep or picture.shape[2] == 4 else "8"
    middle = ["-background", "none"]
    middle += ["-compose", "plus"] if blend == "add" else []
    done = subprocess.run(
        [convert, *map(str, arguments), *middle, "-flatten", "-depth", depth,
         f"PNG{'64' if depth == '16' else '32'}:{out}"],
        capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"FAIL {name}, by ImageMagick: {done.stderr.strip()[:200]}")
        global failures
        failures += 1
        return
    made = read_png(out).astype(int)
    if depth == "16" and not is_deep:
        made = (made + 128) // 257
    check(f"{name}, by ImageMagick", made, picture)


def is_shown(name, path, picture):
    """Whether GIMP and Krita open this one: they take seconds, and are for 8 bits."""
    wanted = ("photo normal", "photo add", "noise normal")
    return name.startswith(wanted) and path.suffix != ".psb" and picture.shape[2] == 3


def gimp(name, folder, path, picture):
    """Flattened by GIMP, whose layers of these files blend as they are encoded."""
    command = program("gimp-console", "gimp")
    if not command or not is_shown(name, path, picture):
        return
    out = folder / "gimp.png"
    script = (
        f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{path}" "{path}")))'
        f' (layer (car (gimp-image-flatten image))))'
        f' (gimp-file-save RUN-NONINTERACTIVE image layer "{out}" "{out}"))')
    subprocess.run([command, "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 1)"],
                   capture_output=True, check=False, timeout=300)
    if not out.exists():
        skipped["gimp"] = f"it cannot open {path.suffix} here"
        return
    check(f"{name}, by GIMP", read_png(out)[:, :, :3], picture)


def krita(name, folder, path, picture):
    command = program("krita")
    if not command or not is_shown(name, path, picture):
        return
    out = folder / "krita.png"
    # It wants a screen.
    screen = program("xvfb-run")
    if not screen:
        return
    environment = dict(os.environ, HOME=str(folder))
    try:
        subprocess.run(
            [screen, "-a", command, path, "--export", "--export-filename", out], env=environment,
            capture_output=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        pass
    if not out.exists():
        skipped["krita"] = f"it wrote nothing for {path.suffix}"
        return
    check(f"{name}, by Krita", read_png(out)[:, :, :3], picture)


def check_ora(name, folder, path, blend, most, picture):
    with zipfile.ZipFile(path) as archive:
        files = [n for n in archive.namelist() if n.startswith("data/")]
        for file in files:
            archive.extract(file, folder / "ora")
        with archive.open("mergedimage.png") as merged:
            check(f"{name}: merged image", read_png(merged), picture)
    files.sort(key=lambda n: -int("".join(filter(str.isdigit, n))))
    files = [folder / "ora" / file for file in files]
    composed(name, [read_png(f) for f in files], blend, most, picture)
    magick(name, folder, files, blend, picture)
    pyora = reader("pyora")
    if pyora and most == 255 and blend == "normal":
        from pyora.Render import Renderer

        project = pyora.Project.load(str(path))
        made = numpy.floor(numpy.asarray(Renderer(project).render(), float) + 0.5)
        check(f"{name}, by pyora", made, picture)
    gimp(name, folder, path, picture)
    krita(name, folder, path, picture)


def check_psd(name, folder, path, blend, most, picture):
    tools = reader("psd_tools")
    if tools:
        document = tools.PSDImage.open(path)
        # Its pictures are cut off to 8 bits, its arrays are not.
        color, _, alpha = whole(document)
        check(f"{name}, by psd-tools", numpy.floor(
            numpy.concatenate([color, alpha], 2) * most + 0.5), picture)
        layers = [layer.numpy() for layer in document]
        if most == 255 or blend == "normal":
            layers = [numpy.floor(layer * most + 0.5) for layer in layers]
            composed(f"{name}, layers", layers, blend, most, picture)
        merged = document.numpy() * most
        if picture.shape[2] == 3:
            check(f"{name}: merged image", numpy.floor(merged + 0.5), picture)
        else:
            # Stored on white: what is faint has lost digits.
            off = abs(merged - picture)[:, :, :3] * picture[:, :, 3:] / most
            check(f"{name}: merged image on white", off > 0.6, 0 * picture[:, :, :3])
    if blend == "normal":
        count = len(list(tools.PSDImage.open(path))) if tools else 8
        magick(name, folder, [f"{path}[1-{count}]"], blend, picture)
    gimp(name, folder, path, picture)
    krita(name, folder, path, picture)


def whole(document):
    from psd_tools.composite import composite

    return composite(document, force=True)


def check_tiff(name, folder, path, blend, most, picture):
    tifffile = reader("tifffile")
    if tifffile:
        layers = [page.asarray() for page in tifffile.TiffFile(path).pages]
        composed(name, layers, blend, most, picture)
    magick(name, folder, [path], blend, picture)


def check_exr(name, path, most, picture):
    openexr = reader("OpenEXR")
    if not openexr:
        return
    with openexr.File(str(path)) as file:
        parts = [part.channels["RGBA"].pixels.astype(float) for part in file.parts]
    made = sum(parts)
    alpha = numpy.clip(made[:, :, 3:], 0, 1)
    light = made[:, :, :3] / numpy.where(alpha > 0, alpha, 1)
    light = numpy.clip(light, 0, 1)
    color = numpy.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    made = numpy.concatenate([color, alpha], 2)
    check(f"{name}, by OpenEXR", numpy.floor(made * most + 0.5), picture)


def check_density(folder, wanted):
    """The pixels of an inch that files say, where they are the picture's."""
    with zipfile.ZipFile(folder / "a.ora") as archive:
        root = ElementTree.fromstring(archive.read("stack.xml"))
    found = {"ora": (root.get("xres"), root.get("yres"))}
    tools = reader("psd_tools")
    if tools:
        from psd_tools.constants import Resource

        for ending in ("psd", "psb"):
            document = tools.PSDImage.open(folder / f"a.{ending}")
            data = document.image_resources.get_data(Resource.RESOLUTION_INFO)
            found[ending] = (data.horizontal / 65536, data.vertical / 65536)
    tifffile = reader("tifffile")
    if tifffile:
        for page in tifffile.TiffFile(folder / "a.tif").pages:
            sides = [page.tags[tag].value for tag in ("XResolution", "YResolution")]
            found[f"tif {page.index}"] = [a / b for a, b in sides]
            unit = numpy.full((1, 1, 1), page.tags["ResolutionUnit"].value)
            check(f"unit of page {page.index}", unit, numpy.full((1, 1, 1), 2))
    for what, pair in found.items():
        made = numpy.rint(numpy.array([[[float(n) for n in pair]]]))
        check(f"pixels of an inch, {what}", made, numpy.full((1, 1, 2), wanted))


def run(command, name, source, picture, *options, blends=("normal", "add")):
    most = 65535 if picture.dtype == numpy.uint16 else 255
    for blend in blends:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            outputs = ["a.ora", "a.psd", "a.psb", "a.tif", "layers/"]
            outputs += ["a.exr"] if blend == "add" or len(blends) == 1 else []
            arguments = [command, source, "-q", "-o", folder / "a.png", *options]
            if len(blends) > 1:
                arguments += ["--layer-blend", blend]
            for output in outputs:
                arguments += ["--layers", f"{folder}/{output}"]
            report = folder / "report.json"
            if "segment" not in map(str, options):
                arguments += ["--report", report]
            subprocess.run([str(a) for a in arguments], check=True)
            found = json.loads(report.read_text())["layers"]
            check(f"{name} {blend}: the report's error",
                  numpy.full((1, 1, 1), found["reconstructionRmse"] != 0),
                  numpy.zeros((1, 1, 1)))
            check_ora(f"{name} {blend} ora", folder, folder / "a.ora", blend, most, picture)
            check_psd(f"{name} {blend} psd", folder, folder / "a.psd", blend, most, picture)
            check_psd(f"{name} {blend} psb", folder, folder / "a.psb", blend, most, picture)
            check_tiff(f"{name} {blend} tif", folder, folder / "a.tif", blend, most, picture)
            if name == "photo":
                check_density(folder, 300)
            index = json.loads((folder / "layers/index.json").read_text())
            files = [folder / "layers" / layer["file"] for layer in index["layers"]][::-1]
            composed(f"{name} {blend} folder", [read_png(f) for f in files], blend, most,
                     picture)
            if "a.exr" in outputs:
                check_exr(f"{name} {blend} exr", folder / "a.exr", most, picture)


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/quantize"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with Image.open(ROOT / "samples/still-life.jpg") as image:
            photo = numpy.asarray(image.convert("RGB").resize((192, 128)))
        noise = numpy.random.default_rng(1)
        hard = noise.integers(0, 256, (96, 128, 3)).astype(numpy.uint8)
        # Much of it at the ends of the range.
        hard = numpy.where(noise.random(hard.shape) < 0.3, 255 * (hard > 127), hard)
        hard = hard.astype(numpy.uint8)
        deep = (photo.astype(numpy.uint16) * 257
                + noise.integers(0, 257, photo.shape).astype(numpy.uint16) // 2)
        y, x = numpy.mgrid[0:128, 0:192]
        alpha = numpy.clip((x - 20) * 2, 0, 255)[:, :, None].astype(numpy.uint8)
        faded = numpy.concatenate([photo, alpha], 2)
        rough = numpy.concatenate(
            [hard, noise.integers(0, 256, hard.shape[:2] + (1,)).astype(numpy.uint8)], 2)
        deep_faded = numpy.concatenate(
            [deep, (alpha.astype(numpy.uint16) * 257)], 2)
        cases = [
            ("photo", photo, ["-k", "8", "-c", "3"]),
            ("photo full EM", photo, ["-k", "6", "-c", "6"]),
            ("photo one layer", photo, ["-k", "1"]),
            ("photo variances", photo, ["-k", "8", "-c", "3", "--variance",
                                        "per-component", "--space", "oklab"]),
            ("noise", hard, ["-k", "8", "-c", "8"]),
            ("16 bits", deep, ["-k", "8", "-c", "3"]),
            ("alpha", faded, ["-k", "8", "-c", "3"]),
            ("noise with alpha", rough, ["-k", "8", "-c", "8"]),
            ("16 bits with alpha", deep_faded, ["-k", "8", "-c", "3"]),
        ]
        for name, picture, options in cases:
            path = folder / "picture.png"
            path.write_bytes(imagecodecs.png_encode(picture))
            if name == "photo":
                Image.fromarray(picture).save(path, dpi=(300, 300))
            blends = ("normal", "add") if picture.shape[2] == 3 else ("normal",)
            run(command, name, path, picture, *options, blends=blends)
    for name, reason in skipped.items():
        print(f"skipped {name}: {reason}")
    if failures:
        raise SystemExit(f"check-soft: {failures} layers are not the image")


if __name__ == "__main__":
    main()
