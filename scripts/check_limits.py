#!/usr/bin/env python3
"""Files that ask for too much: each must be refused in less than a second of the
processor and 100 MB, in one line that says what is wrong, without an output.

    scripts/check-limits          # builds the command, then runs this

A row a file: its size, seconds of the processor and by the clock (which other
work on the machine makes longer, so it is only told), peak memory, exit status, message. Exit status
1 when one is not as it must be. Python's standard library is all it needs.
"""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib

SECONDS, MEGABYTES = 1.0, 100


def chunk(name, payload):
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def zeros(count, level=9):
    """A zlib stream of zeros, made piece by piece."""
    packer, parts, piece = zlib.compressobj(level), [], bytes(1 << 20)
    while count > 0:
        parts.append(packer.compress(piece[:count]))
        count -= len(piece)
    return b"".join(parts) + packer.flush()


def png(width, height, data, before=(), after=(), kind=2):
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", header)] + [chunk(*c) for c in before]
    parts += [chunk(b"IDAT", data)] + [chunk(*c) for c in after] + [chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def jpeg(width, height, scans, marker=0xC2):
    """Grey, with one code of one bit for 0 in each table."""
    table = bytes([1] + [0] * 15 + [0])
    # In AC tables of progressive scans, 0xe0 ends 2^14 blocks and more at once.
    ends = bytes([1] + [0] * 15 + [0xE0])
    parts = [b"\xff\xd8", segment(0xDB, bytes([0]) + bytes([1] * 64)),
             segment(marker, struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])),
             segment(0xC4, bytes([0x00]) + table), segment(0xC4, bytes([0x10]) + ends)]
    for spectrum, data in scans:
        parts += [segment(0xDA, bytes([1, 1, 0]) + spectrum), data]
    return b"".join(parts) + b"\xff\xd9"


def progressive(width, height, count):
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    first = (bytes([0, 0, 0]), bytes(blocks // 8 + 1))
    run = 0x7FFF
    bits = ("0" + "1" * 14) * ((blocks + run - 1) // run)
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    rest = [(bytes([1 + n % 63, 1 + n % 63, 0]), coded) for n in range(count - 1)]
    return jpeg(width, height, [first] + rest)


def files():
    row = zlib.compress(bytes(4))
    big = 300_000_000
    profile = b"icc\0\0"
    xmp = b"XML:com.adobe.xmp\0"
    yield "IDAT of 300 MB behind 1 x 1", lambda: png(1, 1, zeros(big)), b"image data"
    yield "IDAT of 20 GB behind 1 x 1", lambda: png(1, 1, zeros(big) * 66), None
    yield "50,000 x 50,000 in 300 kB", lambda: png(50_000, 50_000, zeros(big)), b"--max-pixels"
    yield "40,000 x 40,000 in 300 kB", lambda: png(40_000, 40_000, zeros(big)), b"too short"
    header = struct.pack(">I", big)
    bomb = zlib.compress(header + bytes(1000))
    yield "iCCP of 300 MB, squeezed", lambda: png(1, 1, row, [(b"iCCP", profile + bomb)]), b"--max-metadata"
    text = xmp + b"\1\0\0\0"
    yield "XMP of 300 MB, squeezed", lambda: png(1, 1, row, [(b"iTXt", text + zeros(big))]), b"--max-metadata"
    raw = b"Raw profile type exif\0\0"
    yield "Exif as text of 300 MB, squeezed", lambda: png(1, 1, row, [(b"zTXt", raw + zeros(big))]), \
        b"--max-metadata"
    for name in (b"iCCP", b"zTXt", b"iTXt", b"eXIf", b"PLTE", b"tRNS"):
        what = name.decode() + " of 300 MB, plain"
        yield what, lambda name=name: png(1, 1, row, [(name, bytes(big))]), b"--max-metadata"
    yield "zTXt of 300 MB behind the image", lambda: png(1, 1, row, (), [(b"zTXt", bytes(big))]), \
        b"--max-metadata"
    yield "JPEG of 65,500 x 65,500", lambda: jpeg(65_500, 65_500, [(bytes([0, 63, 0]), bytes(3000))],
                                          0xC0), b"--max-pixels"
    yield "JPEG of 40,000 x 40,000", lambda: jpeg(40_000, 40_000, [(bytes([0, 63, 0]), bytes(3000))],
                                          0xC0), b"too short"
    yield "20,000 x 20,000 in 400 scans", lambda: progressive(20_000, 20_000, 400), b"--max-pixels"
    yield "3,000 x 3,000 in 5,000 scans", lambda: progressive(3_000, 3_000, 5_000), b"--max-pixels"


def write(path, make):
    """In a process of its own: what this one holds would be counted as the
    memory of those that it starts."""
    child = os.fork()
    if child == 0:
        path.write_bytes(make())
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{path} could not be made")


def run(command, folder, name):
    with open(folder / "message", "wb") as message:
        start = time.monotonic()
        process = subprocess.Popen([command, name, "-k", "4", "-o", "out.png"], cwd=folder,
                                   stdout=message, stderr=message)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in kB, macOS in bytes.
    memory = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    seconds = usage.ru_utime + usage.ru_stime, time.monotonic() - start
    return process.returncode, seconds, memory, (folder / "message").read_bytes()


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for what, make, words in files():
            write(folder / "in", make)
            size = (folder / "in").stat().st_size
            status, (seconds, clock), memory, message = run(os.path.abspath(sys.argv[1]), folder, "in")
            good = (status == 65 and seconds < SECONDS and memory < MEGABYTES
                    and message.count(b"\n") == 1 and (words is None or words in message)
                    and not (folder / "out.png").exists())
            failures += not good
            print(f"{'ok  ' if good else 'FAIL'} {what}: {size:,} bytes, "
                  f"{seconds:.2f} s ({clock:.2f} s by the clock), {memory:.0f} MB, status {status}: "
                  + message.decode(errors="replace").strip())
            (folder / "out.png").unlink(missing_ok=True)
    if failures:
        sys.exit(f"{failures} files are not refused as they must be")


main()
