#!/usr/bin/env python3
"""Reads what `quantize segment` writes with programs that are not ours: label maps
with Pillow, tifffile, scikit-image and ImageJ, tables beside scikit-image's
regionprops, and outlines as Inkscape and two renderers draw them.

    scripts/check-soft            # installs the readers, then runs this

A row a check, as scripts/check_soft.py has them.
"""

import csv
import importlib
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "samples"))
failures = 0
skipped = {}


def reader(name):
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - a missing library is an OSError
        skipped[name] = str(error).splitlines()[0]
        return None


def check(what, difference, most):
    global failures
    good = bool(difference <= most)
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}: {difference:.3g} (at most {most:g})")


def segment(command, folder, *arguments):
    done = subprocess.run(
        [command, "segment", *map(str, arguments), "--force"], cwd=folder,
        capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise SystemExit(f"check-soft: segment {arguments}: {done.stderr}")


def labels(command, folder):
    """The same labels in all formats, and the same channels out of all."""
    tifffile, skimage_io = reader("tifffile"), reader("skimage.io")
    import cells

    truth, stack = cells.stack(2, 224, seed=4)
    numpy.save(folder / "a.npy", numpy.moveaxis(stack, 1, -1))
    numpy.savez_compressed(folder / "b.npz", image=numpy.moveaxis(stack, 1, -1))
    inputs = ["a.npy", "b.npz"]
    names = ["nuclei", "cytoplasm"]
    if tifffile:
        tifffile.imwrite(
            folder / "c.tif", stack, imagej=True,
            metadata={"axes": "ZCYX", "Labels": names * 2},
        )
        tifffile.imwrite(
            folder / "d.ome.tif", stack,
            metadata={"axes": "ZCYX", "Channel": {"Name": names}},
        )
        tifffile.imwrite(
            folder / "e.tif", numpy.moveaxis(stack, 1, -1), photometric="minisblack",
            planarconfig="contig", compression="zlib", predictor=True, tile=(32, 32),
        )
        inputs += ["c.tif", "d.ome.tif", "e.tif"]
    options = ["--pages", "all", "-k", 4, "-c", 3, "--mixing", "learned", "--smooth", 2]
    found = {}
    for name in inputs:
        segment(
            command, folder, name, *options, "-o", "l.npy", "--report", "r.json",
            "--responsibilities", "s.npz",
        )
        found[name] = numpy.load(folder / "l.npy")
        report = json.loads((folder / "r.json").read_text())
        wanted = names if name[0] in "cd" else ["1", "2"]
        check(f"the channels of {name} are called {wanted}",
              float(report["channels"] != wanted), 0)
    first = found["a.npy"]
    for name, other in found.items():
        check(f"labels of {name} as of a.npy", float((first != other).sum()), 0)
    check("pixels with a label that is not the truth's",
          float((first != truth).mean()), 0.02)
    soft = numpy.load(folder / "s.npz")
    check("the most responsible component is the label",
          float((soft["indices"][..., 0] != first).sum()), 0)
    if not tifffile:
        return
    segment(command, folder, "c.tif", *options, "-o", "l.tif")
    with tifffile.TiffFile(folder / "l.tif") as file:
        check("tifffile reads the labels", float((file.asarray() != first).sum()), 0)
        metadata = file.imagej_metadata or {}
        check("ImageJ's slices have names", float(len(metadata.get("Labels", [])) != 2), 0)
    one = [option for option in options if option not in ("--pages", "all")]
    for name in ("one.npz", "one16.tif", "one32.tif"):
        depth = ["--soft-depth", 32] if "32" in name else []
        segment(command, folder, "c.tif", *one, "-o", "x.tif", "--responsibilities", name,
                *depth)
    imagej(folder, first)
    segment(command, folder, "c.tif", *one, "-o", "one.png")
    page = numpy.array(Image.open(folder / "one.png"))
    check("Pillow reads a grey PNG", float(page.ndim != 2 or page.dtype != numpy.uint8), 0)
    if skimage_io:
        check("scikit-image reads the same",
              float((skimage_io.imread(folder / "one.png") != page).sum()), 0)


def imagej(folder, labels):
    """ImageJ shows a name above each slice, and its samples are the labels."""
    jar = pathlib.Path("/usr/share/java/ij.jar")
    if not jar.exists() or not shutil.which("java"):
        skipped["ImageJ"] = f"no {jar} or no java; scripts/setup --viewers"
        return
    jpype = reader("jpype")
    if not jpype:
        return
    jpype.startJVM("-Djava.awt.headless=true", classpath=[str(jar)])
    opener = jpype.JClass("ij.io.Opener")()
    slices = opener.openImage(str(folder / "l.tif")).getStack()
    check("ImageJ has as many slices", float(slices.getSize() != len(labels)), 0)
    wrong = unnamed = 0
    for number, page in enumerate(labels, 1):
        samples = numpy.array(slices.getProcessor(number).getPixels()).astype(numpy.uint8)
        wrong += (samples.reshape(page.shape) != page).sum()
        unnamed += not slices.getSliceLabel(number)
    check("ImageJ reads the labels", float(wrong), 0)
    check("ImageJ shows slices without a name", float(unnamed), 0)
    soft = numpy.load(folder / "one.npz")
    for depth, most in ((16, 65_535), (32, 1)):
        slices = opener.openImage(str(folder / f"one{depth}.tif")).getStack()
        unnamed = sum(not slices.getSliceLabel(i + 1) for i in range(slices.getSize()))
        check(f"ImageJ shows masks of {depth} bits without a name", float(unnamed), 0)
        first = numpy.array(slices.getProcessor(1).getPixels())
        if depth == 16:
            first = first.astype(numpy.uint16)
        shares = numpy.where(soft["indices"] == 0, soft["responsibilities"], 0).sum(axis=-1)
        check(f"ImageJ reads masks of {depth} bits",
              numpy.abs(first.reshape(shares.shape) / most - shares).max(), 1e-5)


def maps(command, folder):
    """A GeoTIFF, and GDAL, with which QGIS reads: numbers, and where they are."""
    rasterio = reader("rasterio")
    if not rasterio:
        return
    from rasterio.transform import from_origin

    y, x = numpy.mgrid[0:60, 0:80]
    bands = numpy.stack([x * 700, y * 900, (x // 20 + y // 20) % 3 * 9000, 60000 - x * y])
    place = {"transform": from_origin(500_000, 5_400_000, 10, 10), "crs": "EPSG:32632"}
    with rasterio.open(
        folder / "g.tif", "w", driver="GTiff", width=80, height=60, count=4,
        dtype="uint16", **place,
    ) as file:
        file.write(bands.astype(numpy.uint16))
    segment(command, folder, "g.tif", "--channels", "4,3,2", "--normalize", "variance",
            "-k", 5, "-o", "gl.tif", "--responsibilities", "gr.tif")
    segment(command, folder, "g.tif", "--channels", "4,3,2", "--normalize", "variance",
            "-k", 5, "-o", "gl.npy")
    found = numpy.load(folder / "gl.npy")
    for name, bands in (("gl.tif", 1), ("gr.tif", 5)):
        with rasterio.open(folder / name) as file:
            same = file.transform == place["transform"] and file.crs == place["crs"]
            check(f"GDAL finds {name} where the image is", float(not same), 0)
            if bands == 1:
                check("GDAL reads the labels", float((file.read(1) != found).sum()), 0)


def table(command, folder):
    """Every number of --regions that scikit-image has as well."""
    measure = reader("skimage.measure")
    if not measure:
        return
    picture = ROOT / "samples" / "still-life.jpg"
    segment(command, folder, picture, "-k", 6, "--smooth", 1, "-o", "p.npy",
            "--regions", "p.csv")
    image = numpy.array(Image.open(picture).convert("RGB")).astype(float)
    compare(measure, numpy.load(folder / "p.npy"), image, ["red", "green", "blue"],
            folder / "p.csv", "a photo", "{}", "{}_spread")
    import cells

    _, stack = cells.stack(1, 128, seed=9)
    points = numpy.moveaxis(stack[0], 0, -1)
    numpy.save(folder / "q.npy", points)
    segment(command, folder, "q.npy", "-k", 4, "-c", 2, "-o", "ql.npy", "--regions",
            "q.csv")
    compare(measure, numpy.load(folder / "ql.npy"), points.astype(float), ["1", "2"],
            folder / "q.csv", "two channels", "mean_{}", "spread_{}")


def compare(measure, found, image, names, path, what, mean, spread):
    rows = list(csv.DictReader(path.open()))
    regions = measure.label(found + 1, connectivity=1)
    check(f"{what}: as many regions", float(regions.max() != len(rows)), 0)
    props = {}
    for prop in measure.regionprops(regions, image):
        # By the first pixel, in reading order.
        first = prop.coords[numpy.lexsort((prop.coords[:, 1], prop.coords[:, 0]))[0]]
        props[tuple(first)] = prop
    order = [props[key] for key in sorted(props)]
    worst = dict.fromkeys(
        ["area", "box", "centroid", "orientation", "eccentricity", "axes", "perimeter",
         "mean", "spread"], 0.0)

    def note(name, difference):
        worst[name] = max(worst[name], float(numpy.abs(difference).max()))

    for row, prop in zip(rows, order):
        top, left, bottom, right = prop.bbox
        note("area", int(row["area"]) - prop.area)
        box = [int(row[name]) for name in ("x", "y", "width", "height")]
        note("box", numpy.array(box) - [left, top, right - left, bottom - top])
        note("centroid", numpy.array([float(row["centroid_y"]), float(row["centroid_x"])])
             - prop.centroid)
        note("perimeter", float(row["perimeter"]) - prop.perimeter)
        note("eccentricity", float(row["eccentricity"]) ** 2 - prop.eccentricity**2)
        note("axes", numpy.array([float(row["major_axis"]), float(row["minor_axis"])]) ** 2
             - numpy.array([prop.axis_major_length, prop.axis_minor_length]) ** 2)
        # Of a circle no direction is longer, and ±π/2 are the same.
        if prop.eccentricity > 1e-3:
            turn = abs(float(row["orientation"]) - prop.orientation) % numpy.pi
            note("orientation", min(turn, numpy.pi - turn))
        note("mean", numpy.array([float(row[mean.format(name)]) for name in names])
             - prop.intensity_mean)
        pixels = image[tuple(prop.coords.T)]
        note("spread", numpy.array([float(row[spread.format(name)]) for name in names])
             - pixels.std(axis=0))
    for name, difference in worst.items():
        check(f"{what}: {name} as regionprops", difference, 1e-6)


def outlines(command, folder):
    """No gap between shapes, at any scale, in two renderers; and the label map comes
    back."""
    picture = ROOT / "samples" / "still-life.jpg"
    plain = ["-k", 5, "--smooth", 1.5, "--min-region", 20, "-o", "m.npy",
             "--label-colors", "m.png"]
    for name, options in {
        "polygons": ["--simplify", 0, "--trap", 0.2],
        "curves": ["--curves", 0.8, "--trap", 0.8],
    }.items():
        segment(command, folder, picture, *plain, "--outlines", "m.svg", *options)
        text = (folder / "m.svg").read_text()
        colors = numpy.array(Image.open(folder / "m.png").convert("RGB")).astype(int)
        for renderer, render in renderers().items():
            for scale in (1, 4, 10):
                drawn = render(text, scale)
                # Two soft edges that overlap can be a step or two below opaque.
                gaps = (drawn[..., 3] < 250).sum()
                check(f"{name} by {renderer} at {scale}x: pixels with a gap", gaps, 0)
                middle = drawn[scale // 2 :: scale, scale // 2 :: scale, :3].astype(int)
                wrong = (numpy.abs(middle - colors).max(axis=2) > 2).mean()
                # Shapes reach over each other, and curves cut corners.
                check(f"{name} by {renderer} at {scale}x: pixels of another paint",
                      wrong, 0.12 if scale == 1 else 0.06)


def renderers():
    found = {}
    resvg, cairo = reader("resvg_py"), reader("cairosvg")
    if resvg:
        def by_resvg(text, scale):
            data = bytes(resvg.svg_to_bytes(svg_string=text, zoom=scale))
            return numpy.array(Image.open(io.BytesIO(data)).convert("RGBA"))
        found["resvg"] = by_resvg
    if cairo:
        def by_cairo(text, scale):
            data = cairo.svg2png(bytestring=text.encode(), scale=scale)
            return numpy.array(Image.open(io.BytesIO(data)).convert("RGBA"))
        found["cairo"] = by_cairo
    if shutil.which("inkscape"):
        found["Inkscape"] = by_inkscape
    else:
        skipped["Inkscape"] = "no inkscape; scripts/setup --viewers"
    return found


def by_inkscape(text, scale):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "a.svg").write_text(text)
        subprocess.run(
            ["inkscape", "a.svg", "--export-type=png", "--export-filename=a.png",
             f"--export-dpi={96 * scale}"],
            cwd=folder, capture_output=True, check=True,
        )
        return numpy.array(Image.open(folder / "a.png").convert("RGBA"))


def main():
    command = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        labels(command, folder)
        maps(command, folder)
        table(command, folder)
        outlines(command, folder)
    for name, error in skipped.items():
        print(f"skipped: {name} is not there ({error})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
