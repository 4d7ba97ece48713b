#!/usr/bin/env python3
"""Time and memory of huge pictures, beside other programs where they finish.

The pictures are made from samples/still-life.jpg, repeated and mirrored, in a
folder that --folder names (some 3 GB for 1,000 megapixels; it is kept); with
--noise, of millions of colours, each of which one pixel has. Memory is the most
that was resident, as the system counts it for the finished process.
"""

import argparse
import multiprocessing
import os
import shutil
import struct
import subprocess
import time
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
Image.MAX_IMAGE_PIXELS = None


def tile(alpha):
    with Image.open(ROOT / "samples/still-life.jpg") as image:
        one = np.asarray(image.convert("RGB"))
    one = np.concatenate([one, one[:, ::-1]], 1)
    one = np.concatenate([one, one[::-1]], 0)
    if not alpha:
        return one
    x = np.linspace(0, 2 * np.pi, one.shape[1])
    level = (160 + 95 * np.sin(x)).clip(0, 255).astype(np.uint8)
    return np.concatenate(
        [one, np.broadcast_to(level[None, :, None], (*one.shape[:2], 1))], 2)


def rows(one, width, height):
    """The rows of the picture, a tile's height at a time."""
    wide = np.concatenate([one] * -(-width // one.shape[1]), 1)[:, :width]
    for start in range(0, height, one.shape[0]):
        yield wide[: min(one.shape[0], height - start)]


def write_png(path, one, width, height):
    def chunk(name, body):
        return (struct.pack(">I", len(body)) + name + body
                + struct.pack(">I", zlib.crc32(name + body)))

    kind = {3: 2, 4: 6}[one.shape[2]]
    pack = zlib.compressobj(1)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(
            b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)))
        for part in rows(one, width, height):
            flat = part.reshape(len(part), -1)
            # Filter 1: the difference to the pixel before.
            lines = np.empty((len(part), flat.shape[1] + 1), np.uint8)
            lines[:, 0] = 1
            lines[:, 1:] = flat
            lines[:, 1 + one.shape[2]:] -= flat[:, : -one.shape[2]]
            body = pack.compress(lines.tobytes())
            if body:
                file.write(chunk(b"IDAT", body))
        file.write(chunk(b"IDAT", pack.flush()) + chunk(b"IEND", b""))


def make(folder, megapixels, kind):
    path = folder / f"{megapixels}-{kind}.{'jpg' if kind == 'jpeg' else 'png'}"
    if not path.exists():
        # A process of its own: what this one ever had counts for its children.
        maker = multiprocessing.get_context("spawn").Process(
            target=write, args=(path, megapixels, kind))
        maker.start()
        maker.join()
    return path


def write(path, megapixels, kind):
    side = round((megapixels * 1e6) ** 0.5)
    partial = path.with_suffix(".part")
    if kind == "noise":
        # As many colours of the whole cube as pixels, in no order.
        codes = np.random.default_rng(1).permutation(1 << 24)[: side * side]
        one = (codes[:, None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)
        one = one.reshape(side, side, 3)
    else:
        one = tile(kind == "rgba")
    if kind == "jpeg":
        whole = np.concatenate(list(rows(one, side, side)), 0)
        Image.fromarray(whole).save(partial, "JPEG", quality=85)
    else:
        write_png(partial, one, side, side)
    partial.rename(path)


def run(command, limit):
    """Seconds, bytes resident at the peak, and whether it ended well."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    deadline = began + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.perf_counter() > deadline:
            process.kill()
            os.wait4(process.pid, 0)
            process.returncode = -9
            return None
        time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (time.perf_counter() - began, usage.ru_maxrss * 1024,
            process.returncode == 0)


def colors(quantize, path, folder):
    report = folder / "report.json"
    import json
    subprocess.run(
        [quantize, path, "-k", "2", "--effort", "1", "-q", "-f", "-o", folder / "x.png",
         "--report", report], check=True)
    return json.loads(report.read_text())["distinctColors"]


def plot(points, path):
    """Seconds against megapixels, both logarithmic."""
    width, height, edge = 480, 320, 50
    greatest = max(s for _, _, s in points) * 1.5
    least = min(s for _, _, s in points) / 1.5
    widest = max(m for _, m, _ in points)

    def place(megapixels, seconds):
        x = np.log(megapixels) / np.log(max(widest, 10))
        y = np.log(seconds / least) / np.log(greatest / least)
        return edge + x * (width - 2 * edge), height - edge - y * (height - 2 * edge)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>']
    power = 1
    while power <= widest:
        x = place(power, least)[0]
        parts.append(
            f'<path d="M{x:.1f} {edge}V{height - edge}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{height - edge + 16}" text-anchor="middle">{power}</text>')
        power *= 10
    for step in range(-2, 4):
        if least <= 10.0**step <= greatest:
            y = place(1, 10.0**step)[1]
            parts.append(
                f'<path d="M{edge} {y:.1f}H{width - edge}" stroke="#ddd"/>'
                f'<text x="{edge - 6}" y="{y + 4:.1f}" text-anchor="end">'
                f'{10.0**step:g} s</text>')
    for (kind, color, below) in (("png", "#06c", -8), ("jpeg", "#c40", 34)):
        line = [place(m, s) for k, m, s in points if k == kind]
        if not line:
            continue
        parts.append(
            f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
            + " ".join(f"{x:.1f},{y:.1f}" for x, y in line) + '"/>'
            + f'<text x="{line[-1][0] - 6:.1f}" y="{line[-1][1] + below:.1f}" '
            f'text-anchor="end" fill="{color}">{kind.upper()}</text>')
    parts.append(
        f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">megapixels</text></svg>')
    Path(path).write_text("\n".join(parts) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/quantize-huge"))
    parser.add_argument(
        "--quantize", default=str(ROOT / ".build/command/release/quantize"))
    parser.add_argument(
        "--megapixels", type=lambda s: [int(n) for n in s.split(",")],
        default=[1, 10, 100, 1000])
    parser.add_argument("--kinds", default="png,jpeg")
    parser.add_argument("--rgba", type=int, default=231, help="megapixels, 0 for none")
    parser.add_argument(
        "--noise", type=lambda s: [int(n) for n in s.split(",") if n], default=[1, 4, 12],
        help="megapixels of so many colours, up to 16; empty for none")
    parser.add_argument(
        "--soft", action="store_true", help="ours with responsibilities, k = 6, C' = 3")
    parser.add_argument("--memory", default="16M", help="given to ours as --memory")
    parser.add_argument("--limit", type=float, default=600, help="seconds for a program")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--plot", help="an SVG of seconds against megapixels")
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    print("| megapixels | file | MB | program | s | peak, MB | 64 MB and 16 bytes a colour |")
    print("|---:|---|---:|---|---:|---:|---:|")
    points = []
    jobs = [(m, k) for k in arguments.kinds.split(",") if k
            for m in arguments.megapixels]
    if arguments.rgba:
        jobs.append((arguments.rgba, "rgba"))
    jobs += [(megapixels, "noise") for megapixels in arguments.noise]
    output = folder / "out.png"
    for megapixels, kind in jobs:
        path = make(folder, megapixels, kind)
        distinct = colors(arguments.quantize, path, folder)
        bound = (64 << 20) + 16 * distinct
        programs = {"quantize": [
            arguments.quantize, path, "-k", "256", "--memory", arguments.memory, "-q", "-f",
            "-o", output]}
        programs["quantize, dithered"] = programs["quantize"] + [
            "--dither", "floyd-steinberg"]
        if arguments.soft:
            for ending in ("npz", "exr"):
                programs[f"quantize, .{ending}"] = [
                    arguments.quantize, path, "-k", "6", "--cprime", "3", "--memory",
                    arguments.memory, "-q", "-f", "-o", output, "--responsibilities",
                    folder / f"soft.{ending}"]
        if not arguments.no_peers:
            if shutil.which("pngquant") and kind != "jpeg":
                programs["pngquant"] = [
                    "pngquant", "256", "--nofs", "--force", "-o", output, path]
            magick = shutil.which("magick") or shutil.which("convert")
            if magick:
                programs["ImageMagick"] = [
                    magick, path, "+dither", "-colors", "256", f"png8:{output}"]
        for name, command in programs.items():
            result = run(command, arguments.limit)
            size = path.stat().st_size / 1e6
            if result is None:
                shown = f"over {arguments.limit:.0f} | "
            else:
                seconds, peak, is_good = result
                shown = (f"{seconds:.2f} | {peak / (1 << 20):.0f}" if is_good else
                         "failed | ")
                if name == "quantize":
                    points.append((kind, megapixels, seconds))
            allowed = f"{bound / (1 << 20):.0f}" if name == "quantize" else ""
            print(f"| {megapixels} | {kind} | {size:.0f} | {name} | {shown} | {allowed} |",
                  flush=True)
    if arguments.plot:
        plot(points, arguments.plot)


if __name__ == "__main__":
    main()
