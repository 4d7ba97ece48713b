#!/usr/bin/env python3
"""Decodes every variant of PNG, JPEG, TIFF, WebP, GIF and BMP with quantize and with its peers, and
prints the greatest difference of two samples, a row a variant.

The route through quantize is exact: the images have fewer pixels than
`-k 65536` has colours, so the output has the decoded pixels, rounded to 8 bits.
Colours are compared as seen on black.
"""

import argparse
import io
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy
import pyvips
import tifffile
from PIL import Image, ImageCms

WIDTH, HEIGHT = 61, 47
ROOT = pathlib.Path(__file__).resolve().parent.parent


def source(channels, most):
    """Smooth colours, with alpha from 0 to all where there are four."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [
        x / (WIDTH - 1),
        y / (HEIGHT - 1),
        1 - (x + y) / (WIDTH + HEIGHT - 2),
        (x + 2 * y) % 40 / 39,
    ]
    return numpy.rint(numpy.stack(planes[:channels], 2) * most).astype(int)


def chunk(name, payload):
    body = name.encode() + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def png(color_type, depth, *chunks, interlaced=False):
    """A PNG written here, byte by byte, and its samples."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    samples = source(4, 2**depth - 1)
    samples = samples[:, :, [0, 3] if color_type == 4 else slice(channels)]

    def rows(part):
        data = b""
        if part.shape[1] == 0:
            return data
        for row in part.reshape(part.shape[0], -1):
            bits = "".join(format(value, f"0{depth}b") for value in row)
            bits += "0" * (-len(bits) % 8)
            data += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
        return data

    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)]
        passes += [(0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b"".join(rows(samples[y::dy, x::dx]) for x, y, dx, dy in passes)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color_type, 0, 0, interlaced)
    body = [chunk("IHDR", header), *(chunk(*c) for c in chunks)]
    body += [chunk("IDAT", zlib.compress(data)), chunk("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def cjpeg(*options):
    ppm = b"P6 %d %d 255\n" % (WIDTH, HEIGHT)
    ppm += source(3, 255).astype(numpy.uint8).tobytes()
    command = ["cjpeg", "-quality", "90", *options]
    return subprocess.run(command, input=ppm, capture_output=True, check=True).stdout


def profiled(space, ending):
    """A file in a space of libvips, with its profile."""
    array = source(3, 255).astype(numpy.uint8)
    image = pyvips.Image.new_from_array(array, interpretation="srgb")
    image = image.icc_transform(space, input_profile="srgb")
    return image.write_to_buffer(ending)


def inks(edit):
    image = Image.fromarray(source(4, 255).astype(numpy.uint8), "CMYK")
    out = io.BytesIO()
    image.save(out, "jpeg", quality=95)
    data = out.getvalue()
    start = data.index(b"\xff\xee\x00\x0eAdobe")
    return edit(data, start)


def turned(data):
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    segment = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def tiff(samples, **options):
    """A TIFF that tifffile writes."""
    file = io.BytesIO()
    tifffile.imwrite(file, samples, metadata=None, **options)
    return file.getvalue()


def compressed(samples, **options):
    """A TIFF that libvips writes."""
    image = pyvips.Image.new_from_array(samples)
    return image.tiffsave_buffer(**options)


def tiffs():
    """As `variants`."""
    byte, word = numpy.uint8, numpy.uint16
    no_words = {"Pillow": "has no 16 bits, cuts them off"}
    grey = source(3, 255)[:, :, 2].astype(byte)
    yield "TIFF grey 8 bits", tiff(grey), {}
    yield "TIFF grey 8 bits, 0 is white", tiff(grey, photometric="miniswhite"), {}
    yield "TIFF grey 16 bits", tiff(source(3, 65535)[:, :, 2].astype(word)), {}
    yield "TIFF grey 1 bit", tiff(grey > 99, photometric="minisblack"), {}
    for name, options in {
        "": {},
        ", tiles": {"tile": (16, 32)},
        ", planes": {"planarconfig": "separate"},
        ", big-endian": {"byteorder": ">"},
        ", BigTIFF": {"bigtiff": True},
        ", strips of 5 rows": {"rowsperstrip": 5},
        ", planes in tiles": {"planarconfig": "separate", "tile": (16, 16)},
    }.items():
        for depth, kind in ((8, byte), (16, word)):
            samples = source(3, 2**depth - 1).astype(kind)
            if options.get("planarconfig"):
                samples = numpy.moveaxis(samples, 2, 0)
            data = tiff(samples, photometric="rgb", **options)
            skipped = dict(no_words) if depth == 16 else {}
            if len(options) == 2:
                skipped["libvips"] = "reads no planes in tiles"
            yield f"TIFF RGB {depth} bits{name}", data, skipped
    for depth, kind in ((8, byte), (16, word)):
        samples = source(4, 2**depth - 1).astype(kind)
        data = tiff(samples, photometric="rgb", extrasamples=["unassalpha"])
        yield f"TIFF RGBA {depth} bits", data, no_words if depth == 16 else {}
    palette = numpy.array(
        [[(i * 7 + d * 40) % 256 * 257 for i in range(256)] for d in range(3)], word
    )
    yield "TIFF palette", tiff(grey, photometric="palette", colormap=palette), {}
    floats = source(3, 65535) / 65535
    own = {"Pillow": "has no floats of colours", "libvips": "scales no floats"}
    yield "TIFF RGB floats", tiff(floats.astype(numpy.float32), photometric="rgb"), own
    colours = source(3, 255).astype(byte)
    zstd = tiff(colours, photometric="rgb", compression="zstd")
    yield "TIFF zstd", zstd, {"libvips": "has no such codec"}
    for compression in ("lzw", "deflate", "packbits"):
        for tiled in (False, True):
            data = compressed(
                colours, compression=compression, predictor="horizontal", tile=tiled,
                tile_width=16, tile_height=16,
            )
            yield f"TIFF {compression}{', tiles' if tiled else ''}", data, {}
    yield "TIFF JPEG", compressed(colours, compression="jpeg", Q=90), {}
    fax = compressed(
        (grey > 99).astype(byte) * 255, compression="ccittfax4", bitdepth=1
    )
    yield "TIFF CCITT group 4", fax, {}
    turned_array = compressed(colours, compression="none")
    file = io.BytesIO()
    Image.open(io.BytesIO(turned_array)).save(file, "TIFF", tiffinfo={274: 6})
    yield "TIFF orientation 6", file.getvalue(), {"tifffile": "does not turn"}


def saved(image, kind, **options):
    """A file that Pillow writes."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def webps():
    """As `variants`."""
    colours = source(4, 255).astype(numpy.uint8)
    opaque, seen = Image.fromarray(colours[:, :, :3]), Image.fromarray(colours)
    yield "WebP lossy", saved(opaque, "WEBP", quality=80), {}
    yield "WebP lossless", saved(opaque, "WEBP", lossless=True), {}
    yield "WebP lossy, alpha", saved(seen, "WEBP", quality=80), {}
    yield "WebP lossless, alpha", saved(seen, "WEBP", lossless=True, exact=True), {}
    srgb = pyvips.Image.new_from_array(colours[:, :, :3], interpretation="srgb")
    p3 = srgb.icc_transform("p3", input_profile="srgb")
    yield "WebP Display P3", p3.webpsave_buffer(lossless=True), {}
    frames = [seen.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    options = {"save_all": True, "append_images": frames, "lossless": True}
    yield "WebP animated", saved(seen, "WEBP", **options), {}
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(opaque, "WEBP", lossless=True, exif=exif.tobytes())
    yield "WebP orientation 6", data, {}


def gifs():
    """As `variants`."""
    colours = Image.fromarray(source(3, 255).astype(numpy.uint8))
    for count in (2, 16, 256):
        image = colours.quantize(count)
        yield f"GIF {count} colours", saved(image, "GIF", interlace=0), {}
        yield f"GIF {count} colours, interlaced", saved(image, "GIF", interlace=1), {}
    image = colours.quantize(64)
    yield "GIF transparent", saved(image, "GIF", transparency=5, interlace=0), {}
    frames = [image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    data = saved(image, "GIF", save_all=True, append_images=frames)
    yield "GIF animated", data, {}


def bmp(bits, rows, *, masks=(), compression=0, palette=b"", header=40, down=False):
    """A BMP: `rows` are those of the file, from its first."""
    if header == 12:
        head = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits)
    else:
        height = -HEIGHT if down else HEIGHT
        head = struct.pack(
            "<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, 0, 2835, 2835,
            0, 0,
        ) + b"".join(struct.pack("<I", mask) for mask in masks)
        if header > 40:
            head = head.ljust(header, b"\0")
    offset = 14 + len(head) + len(palette)
    size = offset + len(rows)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, offset) + head + palette + rows


def bmp_runs(samples, bits):
    """Runs, numbers as they are, a jump, and the mark of the end."""
    data = b""
    for row in samples[::-1]:
        values, x = list(row), 0
        while x < len(values):
            run = 1
            while x + run < len(values) and values[x + run] == values[x] and run < 255:
                run += 1
            if run > 1 or len(values) - x < 3:
                value = values[x] * 17 if bits == 4 else values[x]
                data += bytes([run, value])
                x += run
                continue
            part = values[x : x + min(5, len(values) - x)]
            x += len(part)
            body = bytes(part)
            if bits == 4:
                pairs = part + [0] * (len(part) % 2)
                body = bytes(a << 4 | b for a, b in zip(pairs[::2], pairs[1::2]))
            data += bytes([0, len(part)]) + body + b"\0" * (len(body) % 2)
        data += b"\0\0"
    return data + b"\0\1"


def bmps():
    """As `variants`."""

    def packed(samples, bits):
        data = b""
        for row in samples[::-1]:
            text = "".join(format(int(value), f"0{bits}b") for value in row)
            text += "0" * (-len(text) % 32)
            data += int(text, 2).to_bytes(len(text) // 8, "big")
        return data

    def numbers(masks, bits):
        values = numpy.zeros((HEIGHT, WIDTH), numpy.uint64)
        for d, mask in enumerate(masks):
            shift = (mask & -mask).bit_length() - 1
            values |= source(4, mask >> shift)[:, :, d].astype(numpy.uint64) << shift
        rows = values[::-1].astype(f"<u{bits // 8}")
        data = b""
        for row in rows:
            data += row.tobytes() + b"\0" * (-row.nbytes % 4)
        return data

    for bits in (1, 4, 8):
        indices = source(3, 2**bits - 1)[:, :, 2]
        palette = b"".join(
            bytes((i * 7 + d * 40) % 256 for d in range(3)) + b"\0" for i in range(2**bits)
        )
        yield f"BMP palette {bits} bits", bmp(bits, packed(indices, bits), palette=palette), {}
        short = b"".join(palette[i : i + 3] for i in range(0, len(palette), 4))
        core = bmp(bits, packed(indices, bits), palette=short, header=12)
        yield f"BMP palette {bits} bits, OS/2", core, {}
        if bits > 1:
            runs = bmp_runs(indices // 3 * 3 % 2**bits, bits)
            data = bmp(bits, runs, palette=palette, compression=1 if bits == 8 else 2)
            yield f"BMP runs {bits} bits", data, {}
    usual = (0x7C00, 0x3E0, 0x1F)
    yield "BMP RGB 16 bits", bmp(16, numbers(usual, 16)), {}
    for name, bits, masks, peers in [
        ("565", 16, (0xF800, 0x7E0, 0x1F), {}),
        ("888, alpha", 32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000), {}),
        ("888, RGBA", 32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000), {}),
        ("10, 10, 10", 32, (0x3FF00000, 0xFFC00, 0x3FF), {"Pillow": "knows not all masks"}),
        ("4444", 16, (0xF00, 0xF0, 0xF, 0xF000), {"Pillow": "knows not all masks"}),
    ]:
        header = 40 if len(masks) == 3 else 56
        data = bmp(bits, numbers(masks, bits), masks=masks, compression=3, header=header)
        yield f"BMP masks {name}", data, peers
    rows = numpy.moveaxis(source(3, 255).astype(numpy.uint8), 2, 0)[::-1]
    rows = numpy.moveaxis(rows, 0, 2).reshape(HEIGHT, -1)
    pad = numpy.zeros((HEIGHT, -rows.shape[1] % 4), numpy.uint8)
    rows = numpy.concatenate([rows, pad], 1)
    yield "BMP RGB 24 bits", bmp(24, rows[::-1].tobytes()), {}
    yield "BMP RGB 24 bits, top row first", bmp(24, rows.tobytes(), down=True), {}
    yield "BMP RGB 32 bits", bmp(32, numbers((0xFF0000, 0xFF00, 0xFF), 32)), {}


def variants():
    """Name, file, and which peers do not do the same, with the reason."""
    for color_type, name in [(0, "grey"), (2, "RGB"), (4, "grey, alpha"), (6, "RGBA")]:
        for depth in [1, 2, 4, 8, 16] if color_type == 0 else [8, 16]:
            for interlaced in [False, True]:
                skipped = {}
                if depth == 16 and color_type != 0:
                    skipped["Pillow"] = "has no 16 bits, cuts them off"
                yield (
                    f"PNG {name} {depth} bits{', interlaced' if interlaced else ''}",
                    png(color_type, depth, interlaced=interlaced),
                    skipped,
                )
    for depth in [1, 2, 4, 8]:
        palette = bytes((i * 7 + d * 40) % 256 for i in range(2**depth) for d in range(3))
        alpha = bytes(i * 5 % 256 for i in range(2**depth // 2))
        yield f"PNG palette {depth} bits", png(3, depth, ("PLTE", palette)), {}
        yield (
            f"PNG palette {depth} bits, tRNS",
            png(3, depth, ("PLTE", palette), ("tRNS", alpha)),
            {},
        )
    yield "PNG grey 8 bits, tRNS", png(0, 8, ("tRNS", b"\0\x55")), {}
    yield (
        "PNG RGB 16 bits, tRNS",
        png(2, 16, ("tRNS", b"\0\0\0\0\xff\xff")),
        {"Pillow": "has no 16 bits, cuts them off"},
    )
    ignores = {name: "ignores the chunk" for name in ["Pillow", "libvips"]}
    yield "PNG gAMA 1.0", png(2, 8, ("gAMA", struct.pack(">I", 100000))), ignores
    yield "PNG cICP 12, 13, 0, 1", png(2, 8, ("cICP", bytes([12, 13, 0, 1]))), ignores
    yield "PNG sRGB over gAMA 1.0", (
        png(2, 8, ("sRGB", b"\0"), ("gAMA", struct.pack(">I", 100000)))
    ), {}
    yield "PNG iCCP Display P3", profiled("p3", ".png"), {}

    for name, options in {
        "4:4:4": ["-sample", "1x1"],
        "4:2:2": ["-sample", "2x1"],
        "4:2:0": ["-sample", "2x2"],
        "4:4:0": ["-sample", "1x2"],
        "4:1:1": ["-sample", "4x1"],
        "uneven chroma": ["-sample", "2x2,1x2,2x1"],
        "grey": ["-grayscale"],
        "progressive": ["-progressive"],
        "arithmetic": ["-arithmetic"],
        "restart markers": ["-restart", "1"],
        "extended": ["-quality", "1"],
        "RGB": ["-rgb"],
    }.items():
        yield f"JPEG {name}", cjpeg(*options), {}
    turns = cjpeg("-sample", "1x1")
    yield "JPEG orientation 6", turned(turns), {"djpeg": "does not turn"}
    yield "JPEG Display P3", profiled("p3", ".jpg[Q=90]"), {
        "djpeg": "does not convert"
    }
    yield "JPEG CMYK with profile", profiled("cmyk", ".jpg[Q=90]"), {
        "djpeg": "has no CMYK"
    }
    no_inks = {
        "djpeg": "has no CMYK",
        "libvips": "mixes inks by a profile of its own",
    }
    yield "JPEG CMYK, Adobe", inks(lambda data, start: data), no_inks
    yield (
        "JPEG YCCK, Adobe",
        inks(lambda data, start: data[: start + 15] + b"\x02" + data[start + 16 :]),
        no_inks,
    )
    yield (
        "JPEG CMYK, no Adobe",
        inks(lambda data, start: data[:start] + data[start + 16 :]),
        no_inks,
    )


def rounded(array):
    """To 8 bits, RGBA."""
    if array.dtype == numpy.uint16:
        array = ((array.astype(numpy.uint32) + 128) // 257).astype(numpy.uint8)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.shape[2] < 3:
        alpha = array[:, :, 1:]
        array = numpy.concatenate([array[:, :, :1].repeat(3, 2), alpha], 2)
    if array.shape[2] == 3:
        full = numpy.full_like(array[:, :, :1], 255)
        array = numpy.concatenate([array, full], 2)
    # As seen on black: where little is seen, the rounding of the palette from 16
    # bits to 8 moves a colour further than an eye could tell.
    array = array.astype(int)
    seen = array[:, :, :3] * array[:, :, 3:] / 255
    return numpy.concatenate([numpy.rint(seen), array[:, :, 3:]], 2)


def ours(path, command):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.png"
        run = [command, path, "-k", "65536", "-o", out, "--quiet"]
        subprocess.run(run, check=True)
        return rounded(numpy.asarray(Image.open(out).convert("RGBA")))


def pillow(path):
    image = Image.open(path)
    orientation = image.getexif().get(0x0112, 1)
    profile = image.info.get("icc_profile")
    if profile:
        image = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            # Its own table for inks is coarser than ours.
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION
            | ImageCms.Flags.HIGHRESPRECALC,
        )
    # Pillow turns TIFFs by itself.
    if orientation == 6 and image.format != "TIFF":
        image = image.transpose(Image.Transpose.ROTATE_270)
    if image.mode.startswith("I"):
        return rounded(numpy.asarray(image).astype(numpy.uint16))
    return rounded(numpy.asarray(image.convert("RGBA")))


def vips(path):
    image = pyvips.Image.new_from_file(str(path)).autorot()
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform(
            "srgb", embedded=True, intent="relative", black_point_compensation=True
        )
    return rounded(image.numpy())


def tifffile_samples(path):
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        samples = page.asarray()
        if page.planarconfig == 2 and samples.ndim == 3:
            samples = numpy.moveaxis(samples, 0, 2)
        if page.photometric == tifffile.PHOTOMETRIC.PALETTE:
            samples = numpy.moveaxis(page.colormap[:, samples], 0, 2)
        if samples.dtype == bool:
            samples = samples.astype(numpy.uint8) * 255
        if samples.dtype.kind == "f":
            samples = numpy.rint(samples * 65535).astype(numpy.uint16)
        if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
            samples = numpy.iinfo(samples.dtype).max - samples
        return rounded(samples)


def djpeg(path):
    run = subprocess.run(
        ["djpeg", "-dct", "int", "-rgb", path], stdout=subprocess.PIPE, check=True
    )
    return rounded(numpy.asarray(Image.open(io.BytesIO(run.stdout))))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quantize", default=ROOT / ".build/command/release/quantize", help="the binary"
    )
    options = parser.parse_args()
    if not shutil.which("djpeg"):
        sys.exit("djpeg and cjpeg are missing: apt-get install libjpeg-turbo-progs")
    peers = {
        "Pillow": pillow, "libvips": vips, "djpeg": djpeg, "tifffile": tifffile_samples
    }
    print("| variant | " + " | ".join(peers) + " |")
    print("| --- |" + " ---: |" * len(peers))
    reasons = {}
    worst = {name: 0 for name in peers}
    files = (*variants(), *tiffs(), *webps(), *gifs(), *bmps())
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, data, skipped) in enumerate(files):
            # A name of its own: libvips keeps what it has read.
            path = pathlib.Path(folder) / f"{number}.{name.split()[0].lower()}"
            path.write_bytes(data)
            mine = ours(path, options.quantize)
            cells = []
            for peer, decode in peers.items():
                formats = {"djpeg": "JPEG", "tifffile": "TIFF"}
                if not name.startswith(formats.get(peer, "")) or (
                    peer == "libvips" and name.startswith("BMP")
                ):
                    cells.append("")
                elif peer in skipped:
                    cells.append("skipped")
                    reasons.setdefault(f"{peer} {skipped[peer]}", []).append(name)
                else:
                    difference = abs(mine - decode(path))
                    greatest = int(difference.max())
                    worst[peer] = max(worst[peer], greatest)
                    cells.append(str(greatest))
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print()
    for reason, names in reasons.items():
        print(f"Skipped, {reason}: {', '.join(names)}.")
    print("Greatest: " + ", ".join(f"{k} {v}" for k, v in worst.items()) + ".")


if __name__ == "__main__":
    main()
