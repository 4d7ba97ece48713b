#!/usr/bin/env python3
"""Reads every soft output of quantize with programs that are not ours, and
compares it with a direct computation in NumPy.

    scripts/check-soft            # installs the readers, then runs this

A row a check: what was compared, the largest difference, and the most that it
may be. Exit status 1 when one is larger. A reader that is not installed is
named, and its checks are skipped.
"""

import importlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
failures = 0
skipped = {}


def reader(name):
    """A module, or None when it is not installed, which is told at the end."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        skipped[name] = str(error)
        return None


def check(what, difference, most):
    global failures
    good = bool(difference <= most)
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}: {difference:.3g} (at most {most:g})")


def png16(samples):
    """A PNG of 16 bits a sample, written here."""
    height, width, channels = samples.shape
    rows = samples.astype(">u2").reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[channels], 0, 0, 0)

    def chunk(name, body):
        body = name + body
        return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))

    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# Björn Ottosson, "A perceptual color space for image processing", 2020.
CONES = numpy.array([[0.4122214708, 0.5363325363, 0.0514459929],
                     [0.2119034982, 0.6806995451, 0.1073969566],
                     [0.0883024619, 0.2817188376, 0.6299787005]])
OKLAB = numpy.array([[0.2104542553, 0.7936177850, -0.0040720468],
                     [1.9779984951, -2.4285922050, 0.4505937099],
                     [0.0259040371, 0.7827717662, -0.8086757660]])
WHITE = {"srgb": [255, 255, 255], "linear": [1, 1, 1], "oklab": [1, 0, 0]}


def to_space(color, space):
    """Encoded samples (0 to 1) as coordinates of a working space."""
    if space == "srgb":
        return 255 * color
    light = numpy.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return light if space == "linear" else numpy.cbrt(light @ CONES.T) @ OKLAB.T


def from_space(point, space):
    """Coordinates of a working space as encoded samples (0 to 1)."""
    if space == "srgb":
        return point / 255
    light = point
    if space == "oklab":
        light = (point @ numpy.linalg.inv(OKLAB).T) ** 3 @ numpy.linalg.inv(CONES).T
    light = numpy.clip(light, 0, 1)
    return numpy.where(
        light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def white_of(space, dimension):
    """White in a working space; of grey pictures (D = 1 or 2) the one coordinate."""
    return numpy.array(WHITE[space][:1] if dimension < 3 else WHITE[space], float)


def working(picture, space, dimension):
    """Pixels (0 to 1) as points: the coordinates of a working space (of grey
    pictures the first), or with alpha those of docs/alpha.md."""
    white = white_of(space, dimension)
    points = to_space(picture[:, :, :3], space)[:, :, : len(white)]
    if dimension in (1, 3):
        return points
    alpha = picture[:, :, 3:]
    return numpy.concatenate(
        [points * alpha + white / 2 * (1 - alpha), alpha * ((white @ white) / 6) ** 0.5], 2
    )


def dense(data):
    """(H, W, components) from the C' that are kept."""
    height, width, _ = data["indices"].shape
    result = numpy.zeros((height, width, len(data["palette"])))
    numpy.put_along_axis(result, data["indices"].astype(int), data["responsibilities"], 2)
    return result


def composed(data):
    """The soft reconstruction, premultiplied red, green, blue and alpha, 0 to 1."""
    means, space = data["means"].copy(), str(data["space"])
    dimension = means.shape[1]
    white = white_of(space, dimension)
    lone = numpy.isnan(means[:, 0])
    if dimension in (1, 3):
        means = numpy.concatenate(
            [means, numpy.full((len(means), 1), ((white @ white) / 6) ** 0.5)], 1)
    means[lone] = numpy.append(white / 2, 0)
    points = dense(data) @ means
    alpha = numpy.clip(points[:, :, -1:] / ((white @ white) / 6) ** 0.5, 0, 1)
    own = numpy.divide(points[:, :, :-1] - white / 2 * (1 - alpha), alpha,
                       out=numpy.zeros_like(points[:, :, :-1]), where=alpha > 1e-9)
    if dimension < 3:  # Greys are on the axis from black to white.
        own = own * numpy.array(WHITE[space], float) / WHITE[space][0]
    colors = numpy.clip(from_space(own, space), 0, 1) * alpha
    return numpy.concatenate([colors, alpha], 2)


def straight(premultiplied):
    alpha = premultiplied[:, :, 3:]
    color = numpy.divide(
        premultiplied[:, :, :3], alpha, out=numpy.zeros_like(premultiplied[:, :, :3]),
        where=alpha > 0)
    return numpy.concatenate([color, alpha], 2)


def check_npz(name, data, picture):
    indices, shares = data["indices"], data["responsibilities"].astype(float)
    components = len(data["palette"])
    expected = numpy.uint8 if components <= 256 else numpy.uint16
    check(f"{name}: type of the indices", float(indices.dtype != expected), 0)
    check(f"{name}: sums of responsibilities", abs(shares.sum(2) - 1).max(), 1e-6)
    means, sigma2 = data["means"], float(data["sigma2"])
    points = working(picture, str(data["space"]), means.shape[1])
    visible = picture[:, :, 3] > 0 if picture.shape[2] == 4 else numpy.ones(
        picture.shape[:2], bool)
    flat, kept, q = points[visible], indices[visible].astype(int), shares[visible]
    live = ~numpy.isnan(means[:, 0])
    worst, order = 0.0, 0.0
    for start in range(0, len(flat), 65536):
        part = slice(start, start + 65536)
        distances = numpy.full((len(flat[part]), components), numpy.inf)
        for c in numpy.flatnonzero(live):
            distances[:, c] = ((flat[part] - means[c]) ** 2).sum(1)
        near = numpy.sort(distances, 1)[:, : kept.shape[1]]
        found = numpy.take_along_axis(distances, kept[part], 1)
        order = max(order, abs(near - found).max())
        weights = numpy.exp((near[:, :1] - near) / (2 * sigma2))
        weights /= weights.sum(1, keepdims=True)
        worst = max(worst, abs(weights - q[part]).max())
    scale = max(WHITE[str(data["space"])]) ** 2
    check(f"{name}: distances of the closest, in order", order, 1e-10 * scale)
    check(f"{name}: responsibilities against NumPy", worst, 1e-5)
    check_free_energy(name, {**data, "indices": kept[None]}, flat)
    if not visible.all():
        alone = shares[~visible][:, 0]
        check(f"{name}: transparent pixels belong to one", abs(alone - 1).max(), 0)


def check_free_energy(name, data, points):
    """F of the model in the file, by the formula of docs/soft-outputs.md; `points`
    are those of the pixels that are not fully transparent, which `indices` has too."""
    kept = data["indices"].reshape(-1, data["indices"].shape[2]).astype(int)
    means, dimension = data["means"], data["means"].shape[1]
    live = ~numpy.isnan(means[:, 0])
    sigma2 = data.get("variances", numpy.full(len(means), float(data["sigma2"])))
    shares = data.get("proportions", numpy.full(len(means), 1 / live.sum()))
    for array in ("variances", "proportions"):
        if array in data:
            check(f"{name}: rows of {array}", abs(len(data[array]) - len(means)), 0)
    distances = ((points[:, None] - means[kept]) ** 2).sum(2)
    parts = numpy.log(shares[kept]) - dimension / 2 * numpy.log(
        2 * numpy.pi * sigma2[kept]) - distances / (2 * sigma2[kept])
    most = parts.max(1, keepdims=True)
    found = (most[:, 0] + numpy.log(numpy.exp(parts - most).sum(1))).mean()
    check(f"{name}: free energy", abs(found - float(data["free_energy"])),
          1e-9 * abs(found))


def check_models(command, folder, picture):
    """F of models that were fitted with weights, of variants and of segments."""
    flat = 255 * picture.reshape(-1, 3)
    height, width = picture.shape[:2]
    y, x = numpy.mgrid[0:height, 0:width].reshape(2, -1) * (255 * 0.5 / max(height, width))
    placed = numpy.column_stack([flat, x, y])
    mask = numpy.tile(numpy.linspace(0, 255, width).astype(numpy.uint8), (height, 1))
    Image.fromarray(mask).save(folder / "mask.png")
    npz = folder / "f.npz"
    for options, points in (
        ([], flat), (["--balance", "0.5"], flat), (["--balance", "0"], flat),
        (["--importance", "auto"], flat),
        (["--importance", str(folder / "mask.png"), "--balance", "0.3"], flat),
        (["--mixing", "learned", "--variance", "per-component"], flat),
        (["--balance", "0.5", "--memory", "1K"], flat),
        (["segment"], flat), (["segment", "--spatial", "0.5"], placed),
    ):
        segment = options[:1] == ["segment"]
        arguments = [command, *(["segment"] if segment else []), folder / "photo.png",
                     "-q", "-f", "-k", "8", "-c", "3", "-o", folder / "f.png",
                     "--responsibilities", npz, *options[segment:]]
        subprocess.run([str(a) for a in arguments], check=True)
        with numpy.load(npz) as file:
            data = dict(file)
        check_free_energy("model " + " ".join(
            pathlib.Path(option).name for option in options), data, points)


def check_exr(name, path, data, picture):
    openexr, cryptomatte = reader("OpenEXR"), reader("cryptomatte_api")
    masks = dense(data)
    if openexr:
        with openexr.File(str(path), separate_channels=True) as file:
            header = dict(file.header())
            channels = {
                key: value.pixels.astype(float) for key, value in file.channels().items()
            }
        keys = [key for key in header if key.startswith("cryptomatte/")]
        manifest = json.loads(header[next(k for k in keys if k.endswith("/manifest"))])
        check(f"{name}: names in the manifest", abs(len(manifest) - masks.shape[2]), 0)
        ids = {struct.unpack("<f", struct.pack("<I", int(v, 16)))[0]: i
               for i, v in enumerate(manifest.values())}
        sums = numpy.zeros_like(masks)
        for rank in range(data["indices"].shape[2]):
            prefix = f"CryptoColor{rank // 2:02}."
            identity, coverage = ("RG", "BA")[rank % 2]
            for value, component in ids.items():
                chosen = channels[prefix + identity] == value
                sums[:, :, component] += chosen * channels[prefix + coverage]
        check(f"{name}: mattes by OpenEXR", abs(sums - masks).max(), 0)
        color = picture[:, :, :3]
        light = numpy.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
        if picture.shape[2] == 4:
            light = light * picture[:, :, 3:]
        read = numpy.stack([channels[c] for c in "RGB"], 2)
        check(f"{name}: picture by OpenEXR", abs(read - light).max(), 6e-4)
    if cryptomatte:
        file = cryptomatte.Cryptomatte.load(str(path))[0]
        worst = 0.0
        for component, mask in enumerate(named_masks(file, manifest_names(data))):
            worst = max(worst, abs(mask - masks[:, :, component]).max())
        check(f"{name}: mattes by cryptomatte-api", worst, 0)


def manifest_names(data):
    counts, names = {}, []
    for color in data["palette"]:
        text = "#" + "".join(f"{v:02x}" for v in color[:3])
        if len(color) == 4 and color[3] < 255:
            text += f"{color[3]:02x}"
        counts[text] = counts.get(text, 0) + 1
        names.append(text if counts[text] == 1 else f"{text}-{counts[text]}")
    return names


def named_masks(file, names):
    for name in names:
        yield numpy.asarray(file.mask(name), float).reshape(file.height(), file.width())


def check_ora(name, path, data):
    pyora = reader("pyora")
    import zipfile

    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        check(f"{name}: mimetype first and stored", float(
            (first.filename, first.compress_type, archive.read(first))
            != ("mimetype", 0, b"image/openraster")), 0)
        check(f"{name}: damaged entries", float(archive.testzip() is not None), 0)
        # Painted by Pillow: layer over layer, from the bottom.
        count = len(data["palette"])
        canvas = None
        worst = 0.0
        for c in reversed(range(count)):
            with Image.open(archive.open(f"data/layer{c}.png")) as image:
                layer = image.convert("RGBA")
            canvas = layer if canvas is None else Image.alpha_composite(canvas, layer)
    palette = data["palette"].astype(float)
    if palette.shape[1] == 3:
        palette = numpy.concatenate([palette, numpy.full((count, 1), 255.0)], 1)
    colors = palette / 255
    colors[:, :3] *= colors[:, 3:]
    wanted = dense(data) @ colors

    def difference(picture):
        picture = numpy.asarray(picture, float) / 255
        picture[:, :, :3] *= picture[:, :, 3:]
        return abs(picture - wanted).max() * 255

    # Pillow rounds to 8 bits after every layer.
    check(f"{name}: flattened by Pillow, in steps of 255", difference(canvas), 3)
    if pyora:
        project = pyora.Project.load(str(path))
        names = [layer.name for layer in project.iter_layers]
        check(f"{name}: layer names", float(sorted(names) != sorted(manifest_names(data))), 0)
        from pyora.Render import Renderer

        check(f"{name}: flattened by pyora, in steps of 255",
              difference(Renderer(project).render()), 2)


def check_tiff(name, path, data, scale):
    tifffile = reader("tifffile")
    if not tifffile:
        return
    masks = dense(data)
    with tifffile.TiffFile(path) as file:
        check(f"{name}: pages", abs(len(file.pages) - masks.shape[2]), 0)
        worst, names = 0.0, []
        for component, page in enumerate(file.pages):
            names.append(page.tags["PageName"].value)
            read = page.asarray().astype(float) / scale
            worst = max(worst, abs(read - masks[:, :, component]).max())
    check(f"{name}: page names", float(names != manifest_names(data)), 0)
    check(f"{name}: pages by tifffile", worst, 0.5001 / scale if scale > 1 else 0)


def check_folder(name, folder, data, scale):
    index = json.loads((folder / "index.json").read_text())
    masks = dense(data)
    worst = 0.0
    for entry in index["components"]:
        with Image.open(folder / entry["file"]) as image:
            read = numpy.asarray(image).astype(float) / scale
        worst = max(worst, abs(read - masks[:, :, entry["component"]]).max())
    check(f"{name}: masks by Pillow", worst, 0.5001 / scale)


def check_pictures(name, colors, uncertainty, data):
    with Image.open(colors) as image:
        read = numpy.asarray(image).astype(float)
    wanted = 255 * straight(composed(data))[:, :, : read.shape[2]]
    visible = composed(data)[:, :, 3] > 0
    check(f"{name}: posterior means, in steps of 255",
          abs(read - wanted)[visible].max(), 0.5001)
    q = data["responsibilities"].astype(float)
    entropy = -(q * numpy.log(numpy.where(q > 0, q, 1))).sum(2)
    if q.shape[2] > 1:
        entropy /= numpy.log(q.shape[2])
    with Image.open(uncertainty) as image:
        read = numpy.asarray(image).astype(float) / 65535
    check(f"{name}: uncertainty", abs(read - entropy).max(), 1e-5)


def run(command, name, source, picture, *options, deep=False):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        outputs = ["a.npz", "a.exr", "a.ora", "a.tif", "masks/"]
        arguments = [command, source, "-q", "-o", folder / "a.png", *options]
        for output in outputs:
            arguments += ["--responsibilities", f"{folder}/{output}"]
        arguments += ["--soft-output", folder / "soft.png"]
        arguments += ["--uncertainty", folder / "doubt.png"]
        subprocess.run([str(a) for a in arguments], check=True)
        with numpy.load(folder / "a.npz") as file:
            data = dict(file)
        check_npz(f"{name} npz", data, picture)
        check_exr(f"{name} exr", folder / "a.exr", data, picture)
        check_ora(f"{name} ora", folder / "a.ora", data)
        check_tiff(f"{name} tif", folder / "a.tif", data, 65535)
        check_folder(f"{name} folder", folder / "masks", data, 65535)
        check_pictures(name, folder / "soft.png", folder / "doubt.png", data)
        other = [str(command), str(source), "-q", "--force", "-o", str(folder / "a.png"),
                 *options, "--responsibilities", str(folder / "float.tif"),
                 "--soft-depth", "32"]
        subprocess.run(other, check=True)
        check_tiff(f"{name} float tif", folder / "float.tif", data, 1)


def check_greys(command, folder):
    """Grey pictures have one coordinate, however they are stored."""
    with Image.open(ROOT / "samples/cells.png") as image:
        grey = image.convert("L").resize((128, 128))
    grey.save(folder / "grey.png")
    grey.convert("RGB").save(folder / "rgb.png")
    picture = numpy.asarray(grey.convert("RGB")) / 255.0
    for name in ("grey", "rgb"):
        for space in ("srgb", "linear", "oklab"):
            run(command, f"{name} {space}", folder / f"{name}.png", picture, "-k", "3",
                "-c", "3", "--space", space)
    alpha = numpy.clip(2 * numpy.mgrid[0:128, 0:128][1] - 20, 0, 255).astype(numpy.uint8)
    faded = numpy.dstack([numpy.asarray(grey.convert("RGB")), alpha])
    Image.fromarray(faded, "RGBA").save(folder / "faded.png")
    for space in ("srgb", "oklab"):
        run(command, f"translucent grey {space}", folder / "faded.png", faded / 255.0,
            "-k", "6", "-c", "3", "--space", space)


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/quantize"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with Image.open(ROOT / "samples/still-life.jpg") as image:
            photo = image.convert("RGB").resize((192, 128))
        photo.save(folder / "photo.png")
        picture = numpy.asarray(photo) / 255.0
        for options in (["-k", "8", "-c", "3"], ["-k", "8", "-c", "8"], ["-k", "5", "-c", "1"],
                        ["-k", "300", "-c", "2"], ["-k", "8", "-c", "3", "--space", "linear"],
                        ["-k", "8", "-c", "3", "--space", "oklab"]):
            run(command, "photo " + " ".join(options), folder / "photo.png", picture, *options)
        check_models(command, folder, picture)
        y, x = numpy.mgrid[0:128, 0:192]
        alpha = numpy.clip((x - 20) * 2, 0, 255)[:, :, None]
        translucent = numpy.concatenate([numpy.asarray(photo), alpha], 2).astype(numpy.uint8)
        Image.fromarray(translucent, "RGBA").save(folder / "alpha.png")
        for space in ("srgb", "linear", "oklab"):
            run(command, f"translucent {space}", folder / "alpha.png", translucent / 255.0,
                "-k", "8", "-c", "3", "--space", space)
        translucent[:, :, 3] = numpy.where(translucent[:, :, 3] < 128, 0, 255)
        Image.fromarray(translucent, "RGBA").save(folder / "hole.png")
        run(command, "transparent", folder / "hole.png", translucent / 255.0, "-k", "8",
            "-c", "2")
        deep = numpy.asarray(photo).astype(int) * 257
        deep = numpy.clip(deep + (x * 7 + y * 13)[:, :, None] % 257, 0, 65535)
        (folder / "deep.png").write_bytes(png16(deep))
        run(command, "16 bits", folder / "deep.png", deep / 65535.0, "-k", "8", "-c", "3")
        check_greys(command, folder)
    for name, reason in skipped.items():
        print(f"skipped: what {name} reads ({reason})")
    if failures:
        sys.exit(f"{failures} checks failed")


main()
