"""Load, slow and lost clients, ends, and what is forgotten."""
import contextlib
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import struct
import tempfile
import threading
import time
import zlib

from check_serve_tools import (
    Server,
    Settings,
    is_running,
    noise,
    own_folders,
    png,
    sample,
    send_fit,
    statuses,
)


def load(check):
    """Many at once, each with a photo of its own."""
    clients, previews = (50, 12) if Settings.long else (50, 4)
    with Server(check, "--memory", "500M", "--quiet") as server:
        image = server.image(sample("still-life.jpg"))
        rgba = server.ask("GET", f"/api/images/{image}/pixels").body
        base = b"".join(map(bytes, zip(rgba[::4], rgba[1::4], rgba[2::4])))
        server.ask("DELETE", f"/api/images/{image}")
        times, busy, failures = [], [], []

        def patiently(ask):
            start = time.monotonic()
            while True:
                answer = ask()
                if answer.status != 503 or time.monotonic() - start > 30:
                    return answer
                busy.append(1)
                if "Retry-After" not in answer.headers:
                    failures.append("503 without Retry-After")
                time.sleep(float(answer.headers.get("Retry-After", 1)))

        def client(number):
            shift = number * 768 * 3
            level = bytes(value * (150 + 2 * number) // 255 for value in range(256))
            samples = (base[shift:] + base[:shift]).translate(level)
            rows = b"".join(b"\0" + samples[n:n + 2304] for n in range(0, len(samples), 2304))
            photo = png(768, 512, zlib.compress(rows, 0))
            answer = patiently(lambda: server.upload(photo, f"{number}.png"))
            if answer.status != 201:
                failures.append(answer)
                return
            for n in range(previews):
                start = time.monotonic()
                fit = patiently(lambda: server.fit(answer.json["id"], {
                    "colors": 16, "effort": 1, "reduced": True, "seed": n}))
                times.append(time.monotonic() - start)
                if fit.status != 200:
                    failures.append(fit)

        threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - start
        times.sort()
        check(not failures, f"no request of {clients} clients fails:",
              f"{len(failures)}, {failures[:2]}")
        p95 = times[len(times) * 95 // 100] if times else 0
        check.note(f"{clients} clients, {len(times)} previews in {took:.1f} s, p50 "
                   f"{times[len(times) // 2]:.2f} s, p95 {p95:.2f} s, {len(busy)} times busy, "
                   f"{server.peak:.0f} MB at most, {server.health()['bytes'] >> 20} MB told")
        check(server.peak <= 500 + 400, "it keeps to --memory and 400 MB, not",
              f"{server.peak:.0f} MB")
        # Waiting uploads are memory as well.
    with Server(check, "--memory", "100M", "--quiet", "--max-running", "1") as server:
        image = server.image(noise(1600, 1250), "noise.png")
        with server.connect() as slow:
            send_fit(server, slow, image)
            server.until(lambda health: health["running"] == 1, 5)
            zeros = bytes(40 << 20)
            uploads = []
            for _ in range(16):
                # One after the other is read, and waits.
                uploads.append(server.connect(2))
                with contextlib.suppress(OSError):
                    uploads[-1].sendall(
                        f"POST /api/images?name=zeros HTTP/1.1\r\nHost: 127.0.0.1:{server.port}"
                        f"\r\nContent-Length: {len(zeros)}\r\n\r\n".encode() + zeros)
            time.sleep(0.3)
            check(server.peak <= 100 + 400, "uploads that wait for their turn count as memory:",
                  f"{server.peak:.0f} MB")
        for connection in uploads:
            connection.settimeout(20)
            with contextlib.suppress(OSError):
                found = statuses(connection.recv(4096))
                check(set(found) <= {422, 503, 413}, "uploads of zeros are refused, not", found)
            connection.close()
        server.alive("many large uploads")
    with Server(check, "--memory", "100M", "--quiet") as server:
        # Shares of all colours.
        image = server.image(noise(1000, 1000), "noise.png")
        fit = server.fit(image, {"colors": 96, "cprime": 96, "effort": 1, "reduced": True})
        paths = ["at?x=0&y=0"] + ["uncertainty", "mask?entry=0"] * Settings.long
        for path in paths:
            answer = server.ask("GET", f"/api/images/{image}/fits/{fit.json.get('id')}/{path}")
            check(answer.status in (200, 413, 422, 503), f"{path} is answered, not", answer)
            check(server.peak <= 100 + 400, f"{path} with a large C' keeps to --memory, not",
                  f"{server.peak:.0f} MB")
        check(server.health()["images"] == 1, "the picture is still there")
    with Server(check, "--memory", "100M", "--quiet", "--max-running", "4") as server:
        # Pictures that are far larger than their files.
        rows = zlib.compressobj(1)
        data = b"".join(rows.compress(bytes(1 + 3 * 9_000)) for _ in range(9_000)) + rows.flush()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(server.upload(
            png(9_000, 9_000, data)))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for answer in answers:
            check.refused(answer, "a picture of 81 megapixels for a memory of 100 MB",
                          (413, 422, 503))
        check(server.peak <= 100 + 400, "and takes no memory before:", f"{server.peak:.0f} MB")


def slow(check):
    """Clients that never finish."""
    with Server(check, "--quiet") as server:
        image = server.image(sample("logo.png"), "logo.png")
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        half, drips = [], []
        for n in range(100):
            half.append(server.connect())
            half[-1].sendall((b"GET /health HTTP/1.1\r\nHos", b"GET /hea", b"",
                              b"POST /api/images HTTP/1.1\r\n" + host)[n % 4])
        for n in range(40):
            drips.append(server.connect())
            drips[-1].sendall(b"POST /api/images?name=a.png HTTP/1.1\r\n" + host
                              + b"Content-Length: 100000\r\n\r\n")
        ends = []
        for n in range(20):
            ends.append(server.connect())
            ends[-1].sendall(b"POST /api/images?name=a.png HTTP/1.1\r\n" + host
                             + b"Content-Length: 1000000\r\n\r\n" + bytes(100_000))
        for connection in ends[::2]:
            connection.close()
        for n in range(3):
            for connection in drips:
                connection.sendall(b"x")
            start = time.monotonic()
            answer = server.fit(image, {"colors": 8, "effort": 1})
            took = time.monotonic() - start
            check(answer.status == 200 and took < 2, "others are answered in 2 s meanwhile, not",
                  f"{took:.1f} s, {answer}")
            took = time.monotonic() - start
            time.sleep(max(0, 1 - took))
        check(server.health()["images"] == 1, "half an upload is no picture:", server.health())
        if Settings.long:
            start = time.monotonic()
            waiting = set(half + ends[1::2])
            while waiting and time.monotonic() - start < 40:
                for connection in drips:
                    with contextlib.suppress(OSError):
                        connection.sendall(b"x")
                ready, _, _ = select.select(list(waiting), [], [], 1)
                for connection in ready:
                    with contextlib.suppress(OSError):
                        if connection.recv(4096):
                            continue
                    waiting.discard(connection)
            took = time.monotonic() - start
            check(not waiting and took < 37, "idle connections are closed within 35 s, not",
                  f"{len(waiting)} are open after {took:.0f} s")
        for connection in half + drips + ends:
            connection.close()
        server.alive("slow clients")
    with Server(check, "--quiet", "--memory", "100M") as server:
        # The memory of uploads is given back.
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        parts = []
        for n in range(3):
            parts.append(server.connect())
            parts[-1].sendall(b"POST /api/images HTTP/1.1\r\n" + host
                              + b"Content-Length: 60000000\r\n\r\n")
            with contextlib.suppress(OSError):
                parts[-1].sendall(bytes(40 << 20))
        time.sleep(0.5)
        for connection in parts:
            connection.close()
        time.sleep(0.5)
        black = png(3_500, 3_500, zlib.compress(bytes(3_500 * (3 * 3_500 + 1)), 0))
        answer = server.upload(black)
        check(answer.status == 201, "room of uploads that broke off is given back, not", answer)
        # Answers that nobody reads.
        if answer.status == 201:
            asks = []
            for n in range(30):
                asks.append(server.connect())
                asks[-1].sendall(f"GET /api/images/{answer.json['id']}/pixels HTTP/1.1\r\n"
                                 .encode() + host + b"\r\n")
            time.sleep(1.5)
            check(server.peak <= 100 + 400, "answers that nobody reads take little memory, not",
                  f"{server.peak:.0f} MB")
            server.alive("answers that nobody reads")
            for connection in asks:
                connection.close()


def flood(check):
    """Connections opened and dropped."""
    count = 10_000 if Settings.long else 2_000
    with Server(check, "--quiet") as server:
        image = server.image(sample("logo.png"), "logo.png")
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        body = b'{"colors":16,"effort":3}'
        post = (f"POST /api/images/{image}/fits HTTP/1.1\r\nContent-Length: {len(body)}\r\n"
                .encode() + host + b"\r\n" + body)
        shapes = [b"", b"GET /health HT", b"GET /health HTTP/1.1\r\n" + host + b"\r\n",
                  b"POST /api/images HTTP/1.1\r\n" + host + b"Content-Length: 9999\r\n\r\nabc",
                  b"GET / HTTP/1.1\r\n" + host + b"\r\n" + b"GET / HTTP/1.1\r\n" + host + b"\r\n"]
        reset = struct.pack("ii", 1, 0)

        def drop(number):
            with server.connect() as connection:
                shape = post if number % 50 == 0 else shapes[number % len(shapes)]
                if number // 5 % 2:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                with contextlib.suppress(OSError):
                    connection.sendall(shape)

        def settled(files, threads):
            """The numbers when they are as before, or after some seconds."""
            for _ in range(50):
                health = server.health()
                if (health.get("running") == 0 and server.files <= files
                        and server.status("Threads") <= threads):
                    break
                time.sleep(0.1)
            return server.files, server.status("Threads")

        for number in range(300):
            drop(number)
        server.fit(image, {"colors": 8})
        time.sleep(1.5)
        before = settled(10_000, 10_000)
        start = time.monotonic()
        for number in range(count):
            drop(number)
        took = time.monotonic() - start
        # All at once.
        many = [server.connect() for _ in range(500)]
        for number, connection in enumerate(many):
            with contextlib.suppress(OSError):
                connection.sendall(shapes[number % len(shapes)])
        server.alive(f"{count} dropped connections, with 500 open")
        for connection in many:
            connection.close()
        after = settled(*before)
        check.note(f"{count} connections in {took:.1f} s; files and threads {before} before, "
                   f"{after} after; {server.peak:.0f} MB at most")
        check(after[0] <= before[0], "open files are as before, not", f"{before}, {after}")
        check(after[1] <= before[1], "threads are as before, not", f"{before}, {after}")
        check(server.fit(image, {"colors": 8}).status == 200, "and fits are made")
        check(not own_folders(server.pid) and not server.children(), "nothing is left")


def leaving(check):
    """A client that goes away ends its work; so does the limit of time."""
    data = noise(1600, 1250)
    with Server(check, "--quiet", "--max-running", "1") as server:
        image = server.image(data, "noise.png")
        for what, path, options in (
                ("a fit", "fits", {}), ("a preview", "fits", {"reduced": True}),
                ("a measured fit", "fits", {"measure": True, "effort": 3, "cprime": 64}),
                ("a fit with other alpha", "fits", {"background": "#123"}),
                ("a curve", "curves", {"over": "colors", "values": [200, 250]}),
                ("a file", "exports", {"as": "png"}),
                ("layers", "exports", {"as": "layers-psd"}),
                ("outlines", "exports", {"as": "outlines"})):
            for reset in (False, True):
                with server.connect() as connection:
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                              struct.pack("ii", 1, 0))
                    send_fit(server, connection, image, path, **options)
                    began = server.until(lambda health: health["running"] == 1, 5)
                    check(began is not None, f"{what} is begun")
                    time.sleep(0.2)
                    check(server.health().get("running") == 1, f"{what} takes long")
                took = server.until(lambda health: health["running"] == 0, 3)
                check(took is not None, f"{what} ends within 3 s when its client is gone"
                      + (" with a reset" if reset else ""))
                if took is None:
                    server.until(lambda health: health["running"] == 0, 60)
        check(not server.children() and not own_folders(server.pid), "nothing is left of files:",
              (server.children(), own_folders(server.pid)))
        # Those that wait leave as well.
        with server.connect() as first:
            send_fit(server, first, image)
            server.until(lambda health: health["running"] == 1, 5)
            waiting = [server.connect() for _ in range(5)]
            for connection in waiting:
                send_fit(server, connection, image)
            check(server.until(lambda health: health["waiting"] == 5, 3) is not None,
                  "five requests wait:", server.health())
            for connection in waiting:
                connection.close()
            check(server.until(lambda health: health["waiting"] == 0, 3) is not None,
                  "nobody waits when the clients are gone:", server.health())
        check(server.until(lambda health: health["running"] == 0, 3) is not None,
              "and nothing runs:", server.health())
        answer = server.fit(server.image(sample("logo.png"), "logo.png"), {"colors": 8})
        check(answer.status == 200, "others are answered then, not", answer)
    with Server(check, "--quiet", "--time-limit", "1", "--max-running", "1", "--max-waiting",
                "2") as server:
        image = server.image(data, "noise.png")
        for path, options in (("fits", {}), ("exports", {"as": "png"})):
            start = time.monotonic()
            answer = server.ask("POST", f"/api/images/{image}/{path}", {
                "colors": 256, "cprime": 16, "effort": 10, **options})
            took = time.monotonic() - start
            check.refused(answer, f"{path} that take long", (503,))
            check("Retry-After" in answer.headers and took < 3,
                  f"{path} are ended after a second, not", f"{took:.1f} s")
        answer = server.ask("POST", f"/api/images/{image}/curves", {
            "colors": 4, "effort": 10, "cprime": 2, "over": "colors", "values": [2, 256]})
        check(answer.status in (200, 503) and answer.body
              and "error" in json.loads(answer.body.splitlines()[-1]),
              "a curve that takes long says so in its last line, not", answer)
        # A queue of two.
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(server.fit(image, {
            "colors": 256, "cprime": 16, "effort": 10}))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check([answer.status for answer in answers] == [503] * 6
              and all("Retry-After" in answer.headers for answer in answers),
              "more than may wait are refused:", answers)
        check(server.until(lambda health: health["running"] == 0, 3) is not None
              and not server.children() and not own_folders(server.pid),
              "nothing is left:", (server.health(), server.children()))


def forgetting(check):
    """Pictures and fits that are gone, and a server that was killed."""
    logo = sample("logo.png")
    with Server(check, "--quiet", "--max-images", "2") as server:
        images = [server.image(logo, f"{n}.png") for n in range(2)]
        fits = [server.fit(image, {"colors": 4}).json["id"] for image in images]
        images.append(server.image(logo, "2.png"))
        check.refused(server.ask("GET", f"/api/images/{images[0]}/pixels"), "the first of three",
                      (404,))
        check.refused(server.ask("GET", f"/api/images/{images[0]}/fits/{fits[0]}/labels"),
                      "its fit", (404,))
        check(server.ask("GET", f"/api/images/{images[1]}/pixels").status == 200,
              "the second is still there")
        check(server.ask("DELETE", f"/api/images/{images[1]}").status == 204, "one is deleted")
        for method, path, body in (
                ("GET", "pixels", None), ("GET", "cloud", None), ("POST", "fits", b'{"colors":4}'),
                ("GET", f"fits/{fits[1]}/labels", None),
                ("GET", f"fits/{fits[1]}/at?x=0&y=0", None),
                ("GET", f"fits/{fits[1]}/mask?entry=0", None),
                ("GET", f"fits/{fits[1]}/uncertainty", None),
                ("POST", f"fits/{fits[1]}/recolor", b'{"moves":[{"entry":0,"to":"#fff"}]}'),
                ("POST", "curves", b'{"colors":4,"over":"colors","values":[2]}'),
                ("POST", "exports", b'{"colors":4,"as":"png"}')):
            check.refused(server.ask(method, f"/api/images/{images[1]}/{path}", body),
                          f"{path} of a deleted picture", (404,))
        check(server.ask("DELETE", f"/api/images/{images[1]}").status in (204, 404),
              "it is deleted twice")
        fits = [server.fit(images[2], {"colors": 4, "effort": 1, "seed": n}).json["id"]
                for n in range(40)]
        kept = [server.ask("GET", f"/api/images/{images[2]}/fits/{fit}/labels").status
                for fit in fits]
        check(kept[-1] == 200 and kept[0] == 404, "old fits are forgotten, new ones are not:", kept)
        server.ask("DELETE", f"/api/images/{images[2]}")
        check(server.health()["bytes"] == 0 and server.health()["images"] == 0,
              "no memory is told of:", server.health())
    with Server(check, "--quiet") as server:
        # One picture, used and deleted at once.
        for _ in range(5 if Settings.long else 2):
            image = server.image(logo, "logo.png")
            base = f"/api/images/{image}"
            fit = server.fit(image, {"colors": 4}).json["id"]
            answers = []

            def use(number):
                for n in range(5):
                    method, path, body = (
                        ("POST", "fits", {"colors": 4 + n, "effort": 1}),
                        ("GET", f"fits/{fit}/uncertainty", None), ("GET", "cloud", None),
                        ("POST", "exports", {"colors": 4, "effort": 1, "as": "png"}),
                        ("GET", f"fits/{fit}/at?x=9&y=9", None), ("GET", "pixels", None),
                    )[(number + n) % 6]
                    answers.append(server.ask(method, f"{base}/{path}", body).status)

            threads = [threading.Thread(target=use, args=(n,)) for n in range(12)]
            for thread in threads:
                thread.start()
            time.sleep(0.15)
            answers.append(server.ask("DELETE", base).status)
            for thread in threads:
                thread.join()
            check(set(answers) <= {200, 204, 404} and len(answers) == 61,
                  "a picture is deleted while it is used:", sorted(set(answers)))
        health = server.health()
        check(health["bytes"] == 0 and health["running"] == 0 and not own_folders(server.pid),
              "nothing of it is kept:", health)
    with tempfile.TemporaryDirectory(dir=Settings.scratch) as place:
        folder, temporary = pathlib.Path(place, "work"), pathlib.Path(place, "tmp")
        folder.mkdir()
        temporary.mkdir()
        (folder / "noise.png").write_bytes(b"mine")
        (folder / "palette.json").write_bytes(b"mine too")
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        data = noise(1600, 1250)
        for kind in ("png", "layers-psd"):
            server = Server(check, "--quiet", folder=folder, temporary=temporary)
            image = server.image(data, "noise.png")
            with server.connect() as connection:
                send_fit(server, connection, image, "exports", **{"as": kind})
                for _ in range(100):
                    if own_folders(server.pid) and server.children():
                        break
                    time.sleep(0.05)
                check(len(own_folders(server.pid)) == 1, "an export has a folder:",
                      own_folders(server.pid))
                check(all(path.stat().st_mode & 0o077 == 0 for path in own_folders(server.pid)),
                      "which nobody else can read")
                time.sleep(0.2)
                children = server.children()
                server.stop(signal.SIGKILL)
            with Server(check, "--quiet", folder=folder, temporary=temporary):
                time.sleep(0.3)
                check(not own_folders(server.pid), "the next server removes the folder of one "
                      "that was killed, not", own_folders(server.pid))
                running = [child for child in children if is_running(child)]
                check(not running, "no program of it goes on:", running)
                for child in running:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGTERM)
                time.sleep(0.3)
            check(not own_folders(server.pid), "and nothing comes back:", own_folders(server.pid))
        check(not list(temporary.iterdir()), "the temporary folder is empty, not",
              list(temporary.iterdir()))
        check({path.name: path.read_bytes() for path in folder.iterdir()} == before,
              "the working folder is as it was, not", list(folder.iterdir()))


def signals(check):
    """How it ends."""
    data = noise(1600, 1250)
    for how in (signal.SIGTERM, signal.SIGINT):
        server = Server(check, "--quiet")
        server.stop(how)
        server = Server(check, "--quiet")
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        idle = [server.connect() for _ in range(4)]
        idle[0].sendall(b"GET /health HTTP/1.1\r\n" + host + b"\r\n")
        idle[0].recv(4096)
        idle[1].sendall(b"GET /hea")
        idle[2].sendall(b"POST /api/images HTTP/1.1\r\n" + host + b"Content-Length: 99\r\n\r\nabc")
        time.sleep(0.1)
        check.place = f"signals: {how.name} with open connections"
        server.stop(how)
        for what, path, options in (("fit", "fits", {}), ("file", "exports", {"as": "png"}),
                                    ("curve", "curves", {"over": "colors", "values": [200, 250]})):
            server = Server(check, "--quiet")
            image = server.image(data, "noise.png")
            connection = server.connect()
            send_fit(server, connection, image, path, **options)
            server.until(lambda health: health["running"] == 1, 5)
            time.sleep(0.3)
            children = server.children()
            check.place = f"signals: {how.name} during a {what}"
            server.stop(how)
            time.sleep(0.1)
            check(not own_folders(server.pid), "no folder is left:", own_folders(server.pid))
            running = [child for child in children if is_running(child)]
            check(not running, "no program goes on:", running)
            for child in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGTERM)
            for folder in own_folders(server.pid):
                shutil.rmtree(folder, ignore_errors=True)
            connection.close()
        for connection in idle:
            connection.close()
