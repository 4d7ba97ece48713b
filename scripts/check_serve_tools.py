"""The server that checks start, what it answers, and pictures for it."""
import array
import contextlib
import functools
import http.client
import json
import os
import pathlib
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
# A folder of damaged and hostile pictures, if there is one.
CASES = pathlib.Path(os.environ.get("QUANTIZE_CASES", "/nowhere"))
TOKEN = "correct-horse-battery"


class Settings:
    """What the checks are run with."""

    command = ""
    long = False
    scratch = ""


class Check:
    """Counts what is right, and says what is not."""

    def __init__(self):
        self.done = 0
        self.wrong = []
        self.notes = []
        self.place = ""
        self.lock = threading.Lock()

    def __call__(self, holds, what, found=""):
        with self.lock:
            self.done += 1
            if not holds:
                self.wrong.append(f"{self.place}: {what} {found}".rstrip())
                print(f"check-serve: wrong: {self.wrong[-1]}", flush=True)
        return holds

    def note(self, text):
        """A number for whoever reads."""
        self.notes.append(text)
        print(f"check-serve: {self.place}: {text}", flush=True)

    def refused(self, answer, what, statuses=(400, 413, 422)):
        """An error of the client's, told in one line."""
        try:
            error = json.loads(answer.body)["error"]
            plain = (isinstance(error, str) and error and len(error) < 600
                     and "\n" not in error and len(json.loads(answer.body)) == 1)
        except (ValueError, KeyError, TypeError):
            plain = False
        self(answer.status in statuses and plain, f"{what[:100]} is refused in one line,"
             " not", f"{answer.status} {answer.body[:200]!r}")


class Answer:
    """What a server said."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def __repr__(self):
        return f"{self.status} {self.body[:160]!r}"


class Server:
    """A server of our own."""

    running = []

    def __init__(self, check, *options, folder=None, temporary=None):
        self.check = check
        self.log = tempfile.TemporaryFile()
        environment = dict(os.environ)
        if temporary:
            environment["TMPDIR"] = str(temporary)
        self.process = subprocess.Popen(
            [Settings.command, "serve", "--port", "0", *options], stdout=subprocess.PIPE,
            stderr=self.log, stdin=subprocess.DEVNULL, cwd=folder or Settings.scratch,
            env=environment)
        Server.running.append(self)
        self.pid = self.process.pid
        ready, _, _ = select.select([self.process.stdout], [], [], 20)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\n|http://0\.0\.0\.0:(\d+)/\n", line)
        if not match:
            raise SystemExit(f"check-serve: the server says {line!r} {self.said()[-500:]}")
        self.port = int(match[1] or match[2])

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def ask(self, method, path, body=None, headers=None, seconds=60):
        """A request on a connection of its own."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # An answer may come before all of the body is sent.
                connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            try:
                return Answer(answer.status, answer.headers, answer.read())
            except http.client.IncompleteRead as error:
                return Answer(0, {}, b"broken off after " + error.partial)
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, {}, repr(error).encode())
        finally:
            connection.close()

    def upload(self, data, name="photo.jpg", **more):
        query = urllib.parse.urlencode({"name": name}, errors="surrogateescape")
        return self.ask("POST", f"/api/images?{query}", data, **more)

    def image(self, data, name="photo.jpg"):
        """Uploads; the id."""
        answer = self.upload(data, name)
        self.check(answer.status == 201, f"{name[:40]!r} is uploaded, not", answer)
        return answer.json.get("id", "none")

    def fit(self, image, options, **more):
        return self.ask("POST", f"/api/images/{image}/fits", options, **more)

    def health(self):
        return self.ask("GET", "/health", seconds=10).json

    def connect(self, seconds=10):
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def raw(self, data, seconds=5, quiet=0.4):
        """Sends bytes, and takes what comes until nothing more does."""
        parts = []
        with self.connect(seconds) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(data)
            with contextlib.suppress(OSError):
                while part := connection.recv(1 << 16):
                    parts.append(part)
                    connection.settimeout(quiet)
        return b"".join(parts)

    def until(self, holds, seconds):
        """Waits until the health is as it should be; the seconds, or None."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            with contextlib.suppress(KeyError):
                if holds(self.health()):
                    return time.monotonic() - start
            time.sleep(0.05)
        return None

    def status(self, key):
        """A number of /proc/PID/status."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1])

    @property
    def peak(self):
        """The most memory, in MB."""
        return self.status("VmHWM") / 1024

    @property
    def files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def children(self):
        """The programs that it has started, and that still run."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = entry.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == self.pid and fields[0] != "Z":
                    found.append(int(entry.parent.name))
        return found

    def alive(self, after):
        health = self.health()
        self.check(self.process.poll() is None and health.get("status") == "ok",
                   f"the server answers after {after[:100]}, not",
                   f"{self.process.poll()} {health}")

    def stop(self, how=signal.SIGTERM, within=2.0):
        """Ends it; it must be quick, and must not have broken down before."""
        if self.process.poll() is None:
            start = time.monotonic()
            self.process.send_signal(how)
            try:
                self.process.wait(6)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            took = time.monotonic() - start
            if how != signal.SIGKILL:
                self.check(took < within, f"{how.name} ends it within {within:g} s, not",
                           f"{took:.1f} s")
        else:
            self.check(False, "the server ended unasked:", f"{self.process.returncode} "
                       f"{self.said()[-300:]}")
        said = self.said()
        self.check("Fatal" not in said and "rash" not in said and "status=500" not in said,
                   "nothing breaks down:",
                   next((line[:300] for line in said.splitlines()
                         if "Fatal" in line or "rash" in line or "status=500" in line), ""))
        self.forget()

    def forget(self):
        Server.running.remove(self)
        self.process.stdout.close()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self in Server.running:
            self.stop()


def sample(name):
    return (SAMPLES / name).read_bytes()


@functools.cache
def noise(width, height, seed=1):
    """A picture that nothing can be done with quickly, as a PNG."""
    source = random.Random(seed)
    rows = b"".join(b"\0" + source.randbytes(3 * width) for _ in range(height))
    return png(width, height, zlib.compress(rows, 0))


def chunk(name, payload):
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def png(width, height, data, before=(), kind=2):
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", header)] + [chunk(*c) for c in before]
    return (b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


def indexed_pixels(data):
    """Red, green, blue and alpha of the pixels of a PNG with a palette."""
    chunks, place = {}, 8
    while place < len(data):
        length, name = struct.unpack(">I4s", data[place:place + 8])
        chunks[name] = chunks.get(name, b"") + data[place + 8:place + 8 + length]
        place += 12 + length
    width, height, depth, kind, _, _, laced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if kind not in (0, 3) or depth > 8 or laced:
        raise ValueError(f"a PNG of kind {kind}, {depth} bits, interlaced {laced}")
    stride = (width * depth + 7) // 8
    rows, last = zlib.decompress(chunks[b"IDAT"]), bytearray(stride)
    if kind == 3:
        colors = chunks[b"PLTE"]
        alpha = chunks.get(b"tRNS", b"").ljust(256, b"\xff")
        table = [colors[3 * n:3 * n + 3] + alpha[n:n + 1] for n in range(len(colors) // 3)]
    else:
        most = (1 << depth) - 1
        table = [bytes([n * 255 // most] * 3) + b"\xff" for n in range(most + 1)]
    # The pixels of each value that a byte may have.
    pieces, mask = [], (1 << depth) - 1
    for byte in range(256):
        numbers = [byte >> shift & mask for shift in range(8 - depth, -1, -depth)]
        pieces.append(b"".join(table[n] if n < len(table) else b"????" for n in numbers))
    result = []
    for y in range(height):
        how = rows[y * (stride + 1)]
        row = bytearray(rows[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if how else 0):
            left = row[x - 1] if x else 0
            up, corner = last[x], last[x - 1] if x else 0
            paeth = min((left, up, corner), key=lambda v: abs(left + up - corner - v))
            row[x] = row[x] + (0, left, up, (left + up) // 2, paeth)[how] & 255
        result.append(b"".join(map(pieces.__getitem__, row))[:4 * width])
        last = row
    return b"".join(result)


def without_clear(pixels):
    """Pixels in which those that cannot be seen have no colour."""
    pixels = array.array("I", pixels)
    least = int.from_bytes(b"\0\0\0\1", sys.byteorder)
    alpha = least * 255
    return array.array("I", [value if value & alpha else 0 for value in pixels])


def is_running(pid):
    """Whether a process runs; one that has ended may wait to be reaped by its parent."""
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def own_folders(pid):
    """The folders for exports of a server."""
    places = [pathlib.Path("/dev/shm"), pathlib.Path(tempfile.gettempdir())]
    return [path for place in places if place.is_dir()
            for path in place.glob(f"quantize-serve-{pid}-*")]


def send_fit(server, connection, image, path="fits", **options):
    """Asks for something that takes long."""
    body = json.dumps({"colors": 256, "cprime": 16, "effort": 10, **options}).encode()
    connection.sendall(f"POST /api/images/{image}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}"
                       f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def statuses(data):
    """The statuses in what a server has sent."""
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3})", data, re.M)]
