"""Requests that no browser of an honest person sends."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import struct
import subprocess
import time
import zlib

from check_serve_tools import (
    CASES,
    TOKEN,
    Answer,
    Server,
    Settings,
    png,
    sample,
    statuses,
)


def others(check):
    """Requests of other sites."""
    with Server(check, "--quiet") as server:
        port = server.port
        image = server.image(sample("logo.png"), "logo.png")
        good = [f"127.0.0.1:{port}", f"localhost:{port}", f"LocalHost:{port}", f"[::1]:{port}"]
        for host in good:
            data = server.raw(f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
                              "\r\n".encode())
            check(statuses(data) == [200], f"Host {host} is ours:", data[:100])
        bad = ["evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}",
               f"127.evil.example:{port}", "", f"localhost.evil.example:{port}", "192.168.1.1",
               f"0.0.0.0:{port}", f"[::]:{port}", f"[::1].evil.example:{port}",
               f"evil.example]::1]:{port}", f"evil.example#127.0.0.1:{port}", "127.0.0.1:80:evil",
               f"127.0.0.1@evil.example:{port}", f"evil.example@127.0.0.1:{port}",
               f"evil.example, 127.0.0.1:{port}", f"xn--localhost-9za:{port}", f"2130706433:{port}",
               f"127.1:{port}", f"[fe80::1]:{port}", f"[::ffff:8.8.8.8]:{port}", "evil\x7f",
               f"localhost:{port}/evil", "1" * 5000]
        for host in bad:
            for line in ("GET /health", f"DELETE /api/images/{image}"):
                data = server.raw(f"{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
                                  .encode("latin-1"))
                check(not data or all(400 <= status < 500 for status in statuses(data)),
                      f"Host {host[:50]!r} is not ours:", data[:100])
        check(server.health()["images"] == 1, "the picture is still there")
        image = server.image(sample("logo.png"), "logo.png")
        images = server.health()["images"]
        shapes = {
            "no Host": "GET /health HTTP/1.1\r\n\r\n",
            "no Host, HTTP/1.0": "GET /health HTTP/1.0\r\n\r\n",
            "two Hosts": f"GET /health HTTP/1.1\r\nHost: evil.example\r\nHost: {good[0]}\r\n\r\n",
            "an absolute target and Host":
                "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "an absolute target of ours, another Host":
                f"GET http://{good[0]}/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "//":
                f"GET //evil.example/health HTTP/1.1\r\nHost: {good[0]}\r\n\r\n",
            "CONNECT": f"CONNECT evil.example:443 HTTP/1.1\r\nHost: {good[0]}\r\n\r\n",
        }
        for what, text in shapes.items():
            data = server.raw(text.encode())
            check(not data or all(400 <= status < 500 for status in statuses(data)),
                  f"{what} is refused, not", data[:100])
        ours = f"http://127.0.0.1:{port}"
        alien = [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""},
                 {"Origin": "http://127.0.0.1"}, {"Origin": f"http://127.0.0.1:{port + 1}"},
                 {"Origin": f"https://127.0.0.1:{port}"}, {"Origin": f"http://localhost:{port}"},
                 {"Origin": f"{ours}.evil.example"}, {"Origin": f"{ours}, http://evil.example"},
                 {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                 {"Sec-Fetch-Site": "cross-site", "Origin": ours}]
        asks = [("POST", "/api/images?name=x.png", sample("logo.png")),
                ("POST", f"/api/images/{image}/fits", b'{"colors":4}'),
                ("POST", f"/api/images/{image}/exports", b'{"colors":4,"as":"png"}'),
                ("DELETE", f"/api/images/{image}", None)]
        for headers in alien:
            for method, path, body in asks:
                answer = server.ask(method, path, body, headers)
                check.refused(answer, f"{method} {path[:20]} of {headers}", (403,))
        for path in ("/health", "/api", f"/api/images/{image}/pixels", "/index.html"):
            check.refused(server.ask("GET", path, headers={"Sec-Fetch-Site": "cross-site"}),
                          f"{path} of another site", (403,))
        check(server.ask("GET", "/", headers={"Sec-Fetch-Site": "cross-site"}).status == 200,
              "a link to the page is followed")
        for headers in ({"Origin": ours}, {"Origin": ours, "Sec-Fetch-Site": "same-origin"},
                        {"Sec-Fetch-Site": "none"}, {}):
            answer = server.fit(image, b'{"colors":4}', headers=headers)
            check(answer.status == 200, f"{headers} is ours, not", answer)
        for origin in ("http://evil.example", "null", ours):
            answer = server.ask("OPTIONS", f"/api/images/{image}/fits", headers={
                "Origin": origin, "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
                "Access-Control-Request-Private-Network": "true"})
            check(answer.status >= 400 and not any(
                name.lower().startswith("access-control") for name in answer.headers),
                f"nothing is allowed to {origin}, not", dict(answer.headers))
        answer = server.ask("GET", "/health", headers={"Origin": "http://evil.example"})
        check(not any(name.lower().startswith("access-control") for name in answer.headers),
              "others may not read /health")
        health = server.health()
        check(health["images"] == images, "nothing has changed:", health)


def junk(check):
    """Requests that are none, and paths to where nobody should go."""
    with Server(check, "--quiet") as server:
        host = f"127.0.0.1:{server.port}"
        end = f" HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        ways = ["/../../etc/passwd", "/samples/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                "/samples/%2e%2e%2f%2e%2e%2fetc/passwd", "/%252e%252e%252fetc%252fpasswd",
                "/samples/..%5c..%5cetc%5cpasswd", "/samples/..\\..\\etc\\passwd",
                "/samples/....//....//etc/passwd", "/samples//etc/passwd", "/samples/%00",
                "/samples/still-life.jpg%00.png", "/samples/..%c0%af..%c0%afetc/passwd",
                "/api/images/../../etc/passwd", "/api/images/%2e%2e%2f/pixels", "/.git/config",
                "/samples", "/samples/", "/index.html/..", "/proc/self/environ", "/%ff%fe",
                "file:///etc/passwd", "/%", "/%zz", "/?" + "a=b&" * 5_000, "*", "health"]
        for way in ways:
            data = server.raw(b"GET " + way.encode() + end, quiet=0.2)
            fine = [200] if way.startswith("/?") else []
            check(b"root:" not in data and all(
                400 <= status < 500 or status in fine for status in statuses(data)),
                f"{way[:60]} leads nowhere, not to", data[:100])
        for method in ("TRACE", "PUT", "PATCH", "PROPFIND", "HEAD", "OPTIONS", "FOO", "get",
                       "G" * 10_000, "BREW", "DELETE"):
            data = server.raw(method.encode() + b" /health" + end, quiet=0.2)
            check(not data or all(400 <= status < 500 for status in statuses(data))
                  or method == "HEAD" and statuses(data) == [200],
                  f"the method {method[:20]} is refused, not", data[:100])
            check(b"TRACE /health" not in data, "TRACE gives nothing back")
        start = f"GET /health HTTP/1.1\r\nHost: {host}\r\n".encode()
        smuggled = f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        post = f"POST /api/images HTTP/1.1\r\nHost: {host}\r\n".encode()
        hello = bytes.fromhex("16030100c8010000c40303") + bytes(200)
        source = random.Random(7)
        # What, bytes, and the most answers that may come.
        shapes = [
            ("a header of 64 KB", start + b"X: " + b"a" * 65_536 + b"\r\n\r\n", 1),
            ("a header of 4 MB", start + b"X: " + b"a" * (4 << 20) + b"\r\n\r\n", 1),
            ("a header without end", start + b"X" * (1 << 20), 1),
            ("200 headers", start + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n", 1),
            ("100,000 headers", start + b"a:b\r\n" * 100_000 + b"\r\n", 1),
            ("a URL of 100 KB", b"GET /" + b"a" * 100_000 + end, 1),
            ("a URL of 4 MB", b"GET /" + b"a" * (4 << 20) + end, 1),
            ("a query of 100 KB", b"GET /api?" + b"a" * 100_000 + end, 1),
            ("both lengths", post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
             b"0\r\n\r\n" + smuggled, 1),
            ("both lengths, turned", post + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
             b"\r\n0\r\n\r\n" + smuggled, 1),
            ("two lengths", post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
             + smuggled, 1),
            ("a list of lengths", post + b"Content-Length: 5, 6\r\n\r\nabcdef" + smuggled, 1),
            ("length +5", post + b"Content-Length: +5\r\n\r\nabcde" + smuggled, 1),
            ("length -1", post + b"Content-Length: -1\r\n\r\n" + smuggled, 1),
            ("length 0x5", post + b"Content-Length: 0x5\r\n\r\nabcde" + smuggled, 1),
            ("length 1e3", post + b"Content-Length: 1e3\r\n\r\nabcde" + smuggled, 1),
            ("a length of 30 digits", post + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nabc", 1),
            ("a length of 2^64", post + b"Content-Length: 18446744073709551616\r\n\r\nabc", 1),
            ("a length of 2^63 - 1", post + b"Content-Length: 9223372036854775807\r\n\r\nabc", 1),
            ("an odd encoding", post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
             + smuggled, 1),
            ("a hidden encoding", post + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
             + smuggled, 1),
            ("two encodings", post + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: "
             b"identity\r\n\r\n0\r\n\r\n" + smuggled, 1),
            ("a folded header", start + b"X: a\r\n b\r\n\r\n", 1),
            ("a header without colon", start + b"nothing\r\n\r\n", 1),
            ("a header with NUL", start + b"X: a\0b\r\n\r\n", 1),
            ("bare line feeds", smuggled.replace(b"\r\n", b"\n"), 1),
            ("bare carriage returns", smuggled.replace(b"\r\n", b"\r"), 1),
            ("HTTP/0.9", b"GET /health\r\n\r\n", 1),
            ("HTTP/9.9", start.replace(b"1.1", b"9.9") + b"\r\n", 1),
            ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(100), 1),
            ("an upgrade", start + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
             b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", 1),
            ("a hello of TLS", hello, 1),
            ("noise", source.randbytes(100_000), 1),
            ("zeros", bytes(1 << 20), 1),
            ("line feeds", b"\r\n" * 100_000 + b"x", 1),
            ("spaces", b" " * 100_000, 1),
        ]
        chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
        shapes += [(f"a chunk of size {size[:20]!r}", chunked + size + b"\r\nabcde\r\n0\r\n\r\n"
                    + smuggled, 1)
                   for size in (b"ZZ", b"-1", b"0x5", b"F" * 17, b"5 5", b"", b"7" * 5_000, b"+5")]
        shapes += [("a chunk with a long extension", chunked + b"5;" + b"a" * (1 << 20)
                    + b"\r\nabcde\r\n0\r\n\r\n", 1),
                   ("a long trailer", chunked + b"5\r\nabcde\r\n0\r\nX: " + b"a" * (1 << 20)
                    + b"\r\n\r\n", 1)]
        for what, data, most in shapes:
            answer = server.raw(data, seconds=1.5, quiet=0.2)
            found = statuses(answer)
            large = what.startswith(("a header of", "a header without end", "200", "100,000",
                                     "a URL of"))
            check(len(found) <= most and all(status < 500 for status in found)
                  and (not large or all(status in (400, 413, 414, 431) for status in found)),
                  f"{what} is refused once, not", f"{found} {answer[:120]}")
            if what in ("both lengths", "both lengths, turned", "two lengths", "length -1"):
                check(found in ([], [400]), f"{what}: 400, not", found)
            if server.process.poll() is not None:
                check(False, "the server ended after", what)
                return
        server.alive("junk")
        data = server.raw(smuggled * 300 + start + b"Connection: close\r\n\r\n", quiet=3)
        check(statuses(data) == [200] * 301, "301 requests in a row are answered, not",
              len(statuses(data)))
        image = server.image(sample("logo.png"), "logo.png")
        body = b'{"colors":8,"effort":2}'
        fit = (f"POST /api/images/{image}/fits HTTP/1.1\r\nHost: {host}\r\nContent-Length: "
               f"{len(body)}\r\n\r\n".encode() + body)
        data = server.raw(fit * 5 + smuggled + start + b"Connection: close\r\n\r\n", quiet=3)
        check(statuses(data) == [200] * 7 or statuses(data)[:1] == [200]
              and b"\r\nconnection: close" in data.lower(), "fits in a row are answered, or the "
              "first says that the connection ends, not", statuses(data))
        for path, body, what in ((f"/api/images/{image}/fits", b'{"colors":4}', "a fit"),
                                 (f"/api/images/{image}/fits", b'{"colors":0}', "a wrong fit"),
                                 (f"/api/images/{image}/exports", b'{"colors":4,"as":"hex"}',
                                  "a file"),
                                 (f"/api/images/{image}/curves",
                                  b'{"colors":4,"over":"colors","values":[2]}', "a curve"),
                                 ("/api/images?name=a.png", sample("logo.png"), "an upload"),
                                 ("/api/images?name=a.png", b"junk", "a wrong upload")):
            data, again = b"", b""
            with server.connect(3) as connection, contextlib.suppress(OSError):
                connection.sendall(f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: "
                                   f"{len(body)}\r\n\r\n".encode() + body)
                while b"\r\n\r\n" not in data and (part := connection.recv(1 << 20)):
                    data += part
                closes = b"\r\nconnection: close" in data.lower()
                time.sleep(0.1)
                if not closes:
                    connection.sendall(smuggled)
                again = b"open"
                while part := connection.recv(1 << 20):
                    data += part
                    if not closes and data.endswith(b"}\n") and b'"status":"ok"' in data:
                        break
                else:
                    again = b""
            if closes:
                check(not again, f"{what} says that the connection ends, and it does")
            else:
                check(b'"status":"ok"' in data, f"{what}, then another request, not", data[-200:])
        with server.connect() as connection:
            connection.sendall(start + b"Expect: 100-continue\r\n\r\n")
            check(b" 200 " in connection.recv(4096).replace(b" 100 Continue\r\n\r\n", b""),
                  "Expect is understood")
        check(server.peak < 400, "and memory stays small, not", f"{server.peak:.0f} MB")


def bodies(check):
    """Bodies that are not what was asked for."""
    with Server(check, "--quiet") as server:
        image = server.image(sample("logo.png"), "logo.png")
        base = f"/api/images/{image}"
        fit = server.fit(image, {"colors": 4}).json["id"]
        texts = {
            "nothing": b"", "no JSON": b"colors=4", "an array": b"[]", "a number": b"4",
            "null": b"null", "a string": b'"colors"', "half an object": b'{"colors":',
            "two objects": b'{"colors":4}{"colors":5}', "no colours": b"{}",
            "NaN": b'{"colors":NaN}', "Infinity": b'{"colors":Infinity}',
            "not UTF-8": b'{"colors":4,"dither":"\xff\xfe"}', "bytes": bytes(range(256)),
            "UTF-16": '{"colors":"4"}'.encode("utf-16"), "300 KB": b" " * 300_000 + b'{"colors":4}',
            "10 MB": b'{"colors":4,"dither":"' + b"x" * 10_000_000 + b'"}',
            "100,000 brackets": b"[" * 100_000 + b"]" * 100_000,
            "100,000 open brackets": b"[" * 100_000,
            "100,000 objects": b'{"colors":' * 20_000 + b"4" + b"}" * 20_000,
            "brackets in pins": b'{"colors":4,"pins":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            "brackets in an unknown key":
                b'{"colors":4,"x":' + b"[" * 90_000 + b"]" * 90_000 + b"}",
            "a number of 100,000 digits": b'{"colors":' + b"9" * 100_000 + b"}",
            "a long fraction": b'{"colors":4,"balance":1.' + b"0" * 100_000 + b"1e5}",
            "1e99999": b'{"colors":4,"balance":1e99999}', "-1e99999": b'{"colors":-1e99999}',
            "a lone surrogate": b'{"colors":4,"dither":"\\ud800"}',
            "NUL": b'{"colors":4,"dither":"\\u0000"}',
        }
        for what, body in texts.items():
            for path in ("fits", "exports", "curves", f"fits/{fit}/recolor"):
                check.refused(server.ask("POST", f"{base}/{path}", body), f"{what} for {path}")
            if server.process.poll() is not None:
                check(False, "the server ended after", what)
                return
        wrong = []
        for key, values in {
            "colors": (0, 257, -1, 1e99, 4.5, True, "4", [4], {}, 2 ** 63, 2 ** 64, -2 ** 63),
            "cprime": (0, 5, -1, 1e99, "2", 2 ** 64), "effort": (0, 11, -1, "5", 1e99),
            "space": ("", "cmyk", "x" * 200_000, 4, []),
            "dither": ("unknown", "", 4, "x" * 200_000),
            "ditherStrength": (-0.1, 1.1, 1e99, "1"), "balance": (-1, 2, 1e300, "x"),
            "mixing": ("x", 1), "variance": ("x", 1), "importance": ("x", "map.png", 1),
            "seed": (-1, 1.5, 2 ** 64, "1"), "pins": ("#fff", [1], ["x"], ["#12345"], [""],
                                                     ["#fff"] + [f"#{n:06x}" for n in range(9)],
                                                     ["#e4002b80"], ["=#fff"], ["a\n=#fff"],
                                                     ["x" * 200_000 + "=#fff"], ["url(x)"]),
            "palette": ([], "#fff", ["x"], [f"#{n:06x}" for n in range(257)], [None], [["#fff"]],
                        ["x" * 81 + "=#fff"], ["#fff"] * 30_000 + ["x"]),
            "background": ("x", "", 4, "#ffffff80", "#fff;rm", "transparent"),
            "alphaThreshold": (0, 256, -1, "1", 1e99), "minRegion": (0, -1, 1.5, "x", 1e99),
            "posterize": (-1, 5, "x", 99), "reduced": (1, "true", []), "measure": (0, "no"),
            "perceptual": (1, "yes"), "keepPalette": (True, 1), "unknown": (1,), "Colors": (1,),
            "__proto__": ({},), "": (1,), "x" * 100_000: (1,), "threads": (9,), "output": ("/x",),
        }.items():
            wrong += [{"colors": 4, key: value} for value in values]
        wrong += [{"colors": 4, "background": "#fff", "alphaThreshold": 9},
                  {"colors": 4, "minRegion": 9, "dither": "sierra"},
                  {"palette": ["#fff", "#000"], "cprime": 3},
                  {"palette": ["#fff"], "pins": ["#fff"]},
                  {"palette": ["#fff"], "posterize": 1}, {"palette": ["#fff", "#fff"], "cprime": 2}]
        for options in wrong:
            for path, more in (("fits", {}), ("exports", {"as": "png"})):
                answer = server.ask("POST", f"{base}/{path}", {**options, **more})
                check.refused(answer, f"{path} with {json.dumps(options)[:80]}")
        for values in ([], [0], [257], [-1], list(range(1, 66)), "4", [1.5], [None], None,
                       [2 ** 64], [4] * 100_000 + [0]):
            check.refused(server.ask("POST", f"{base}/curves", {
                "colors": 4, "over": "colors", "values": values}), f"values {str(values)[:40]}")
        for over in ("x", 4, None):
            check.refused(server.ask("POST", f"{base}/curves", {
                "colors": 4, "over": over, "values": [2]}), f"a curve over {over}")
        check.refused(server.ask("POST", f"{base}/curves", {
            "colors": 4, "over": "cprime", "values": [2, 5]}), "a curve over C' above k")
        for body in ({}, {"moves": []}, {"moves": [{}]}, {"moves": [{"entry": 4, "to": "#fff"}]},
                     {"moves": [{"entry": -1, "to": "#fff"}]}, {"moves": [{"entry": 0, "to": "x"}]},
                     {"moves": [{"from": "x", "to": "#fff"}]}, {"moves": "x"},
                     {"moves": [{"entry": 0, "to": "#fff"}], "shades": 181},
                     {"moves": [{"entry": 0, "to": "#fff"}], "shades": -1},
                     {"moves": [{"entry": 1e99, "to": "#fff"}]},
                     {"moves": [{"from": f"#{n:06x}", "to": "#fff"} for n in range(300)]}):
            check.refused(server.ask("POST", f"{base}/fits/{fit}/recolor", body),
                          f"recolor {str(body)[:60]}")
            check.refused(server.ask("POST", f"{base}/exports", {
                "colors": 4, "as": "recolor", **body}), f"an export of recolor {str(body)[:60]}")
        for shades in (181, -1, "x", 1e99):
            check.refused(server.ask("POST", f"{base}/exports", {
                "colors": 4, "as": "recolor", "moves": [{"from": "#fff", "to": "#000"}],
                "shades": shades}), f"an export with shades {shades}")
        for kind in ("", "PNG", "../png", "png\0", 4, None, []):
            check.refused(server.ask("POST", f"{base}/exports", {"colors": 4, "as": kind}),
                          f"an export as {kind!r}")
        # What is odd, but allowed.
        for options in ({"colors": 4.0}, {"colors": 4, "minRegion": 2 ** 62}, {"colors": 256},
                        {"palette": ["#fff"] * 300}, {"colors": 4, "pins": ["#fff"] * 300},
                        {"colors": 4, "balance": 0}, {"colors": 4, "dither": None},
                        {"colors": 4, "dither": "none", "ditherStrength": 0},
                        {"colors": 2, "pins": ["#fff", "#000"]}):
            answer = server.fit(image, options)
            check(answer.status in (200, 400, 422), f"{str(options)[:60]} is answered, not", answer)
        server.alive("wrong bodies")
        check(server.health()["images"] == 1, "nothing has changed:", server.health())
        check(server.peak < 400, "and memory stays small, not", f"{server.peak:.0f} MB")


def pictures(check):
    """Files that are no pictures, or ask for too much."""
    photo, logo = sample("still-life.jpg"), sample("logo.png")
    with Server(check, "--quiet", "--max-input", "1M") as server:
        zeros = zlib.compressobj(9)
        bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(300)) + zeros.flush()
        row = zlib.compress(bytes(4))
        broken = bytearray(logo)
        broken[len(logo) // 2] ^= 1
        files = {
            "nothing": b"", "text": b"This is no picture.\n", "zeros": bytes(1000), "P6": b"P6\n",
            "a tenth of a JPEG": photo[:len(photo) // 10], "20 bytes of a JPEG": photo[:20],
            "half a PNG": logo[:len(logo) // 2], "a PNG's name": logo[:8],
            "a flipped bit": bytes(broken), "a PNG without pixels": png(0, 0, row),
            "a PNG of 30,000 x 30,000": png(30_000, 30_000, row),
            "30,000 x 30,000 with data": png(30_000, 30_000, bomb),
            "2^31 - 1 squared": png(2 ** 31 - 1, 2 ** 31 - 1, row),
            "9,900 x 9,900 without data": png(9_900, 9_900, row),
            "300 MB behind 1 x 1": png(1, 1, bomb),
            "a profile of 300 MB": png(1, 1, row, [(b"iCCP", b"icc\0\0" + bomb)]),
            "a broken profile of 300 MB": png(1, 1, row, [(b"iCCP", b"icc\0\0" + zlib.compress(
                struct.pack(">I", 300_000_000) + bytes(1000)))]),
            "a text of 300 MB": png(1, 1, row, [(b"zTXt", b"Raw profile type exif\0\0" + bomb)]),
            "a PPM of 30,000 x 30,000": b"P6\n30000 30000\n255\n" + bytes(1000),
            "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>',
            "GIF": b"GIF89a\xff\xff\xff\xff\xf7\0\0" + bytes(800), "a path": b"/etc/passwd",
        }
        health = server.health()
        for what, data in files.items():
            start = time.monotonic()
            answer = server.upload(data, "x.png")
            took = time.monotonic() - start
            if what not in ("a tenth of a JPEG", "half a PNG", "a text of 300 MB",
                            "a profile of 300 MB", "300 MB behind 1 x 1"):
                check.refused(answer, what)
            else:
                # Some of it may be shown, with a warning.
                check(answer.status in (201, 422), f"{what} is answered, not", answer)
                if answer.status == 201:
                    server.ask("DELETE", f"/api/images/{answer.json['id']}")
            check(took < 2, f"{what} is answered at once, not in", f"{took:.1f} s")
            if server.process.poll() is not None:
                check(False, "the server ended after", what)
                return
        check(server.health() == health, "nothing is kept of them:", server.health())
        check(server.peak < 300, "and memory stays small, not", f"{server.peak:.0f} MB")
        for what, data in (("2 MB", bytes(2 << 20)), ("30 MB", bytes(30 << 20)),
                           ("a byte too many", bytes(1_048_577))):
            check.refused(server.upload(data), what, (413,))
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            try:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.request(
                        "POST", "/api/images", iter([data[:1000], data[1000:]]),
                        encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
                answer = connection.getresponse()
                check.refused(Answer(answer.status, answer.headers, answer.read()),
                              f"{what} in chunks", (413,))
            except (OSError, http.client.HTTPException) as error:
                check(False, f"{what} in chunks is refused, not", repr(error))
            connection.close()
        if CASES.is_dir():
            for path in sorted(CASES.iterdir()):
                answer = server.upload(path.read_bytes(), path.name)
                check(0 < answer.status < 500, f"{path.name} is answered, not", answer)
                if answer.status == 201:
                    fit = server.fit(answer.json["id"], {"colors": 5, "effort": 1, "cprime": 2})
                    check(0 < fit.status < 500, f"{path.name} is fitted, not", fit)
                server.alive(path.name)
        else:
            check.note(f"{CASES} is not there: its files are left out")
        # Parts of good files.
        source = random.Random(3)
        for name, data in (("logo.png", logo), ("photo.jpg", photo)):
            for _ in range(60 if Settings.long else 12):
                damaged = bytearray(data[:source.randrange(len(data))] if source.random() < 0.5
                                    else data)
                for _ in range(source.randrange(8)):
                    damaged[source.randrange(len(damaged))] = source.randrange(256)
                answer = server.upload(bytes(damaged), name)
                check(answer.status in (201, 422), f"a damaged {name} is answered, not", answer)
        server.alive("damaged pictures")


def tokens(check):
    """Who knows the word, and who does not."""
    with Server(check, "--quiet", "--token", TOKEN) as server:
        logo = sample("logo.png")
        for what, headers in (("nothing", {}), ("a wrong token", {"Authorization": "Bearer x"}),
                              ("a part", {"Authorization": f"Bearer {TOKEN[:-1]}"}),
                              ("more", {"Authorization": f"Bearer {TOKEN}x"}),
                              ("nothing after it", {"Authorization": "Bearer "}),
                              ("another scheme", {"Authorization": f"Basic {TOKEN}"}),
                              ("a wrong cookie", {"Cookie": "quantize-token=x"}),
                              ("another cookie", {"Cookie": f"token={TOKEN}"})):
            for method, path, body in (("GET", "/health", None), ("GET", "/", None),
                                       ("GET", "/api", None), ("GET", "/samples/logo.png", None),
                                       ("POST", "/api/images", logo), ("GET", "/nothing", None)):
                check.refused(server.ask(method, path, body, headers), f"{path} with {what}",
                              (401,))
        for path in ("/?token=", "/?token=x", f"/?token={TOKEN}x", "/?token=%00"):
            answer = server.ask("GET", path)
            check.refused(answer, path, (401,))
            check("Set-Cookie" not in answer.headers, f"{path} gives no cookie")
        check.refused(server.ask("GET", f"/api?token={TOKEN}"), "the token at /api", (401,))
        answer = server.ask("GET", f"/?token={TOKEN}")
        cookie = answer.headers.get("Set-Cookie", "")
        check(answer.status == 303 and answer.headers.get("Location") == "/"
              and "HttpOnly" in cookie and "SameSite=Strict" in cookie,
              "the address with the token gives a cookie, not", f"{answer} {cookie}")
        for headers in ({"Cookie": cookie.partition(";")[0]},
                        {"Cookie": "a=b; " + cookie.partition(";")[0]},
                        {"Authorization": f"Bearer {TOKEN}"}):
            answer = server.ask("GET", "/health", headers=headers)
            check(answer.status == 200, f"{headers} is let in, not", answer)
        answer = server.ask("POST", "/api/images?name=a.png", logo, {
            "Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"})
        check.refused(answer, "another site with the token", (403,))
        check(TOKEN not in server.said(), "the token is not logged")
        environment = pathlib.Path(f"/proc/{server.pid}/cmdline").read_bytes()
        check(TOKEN.encode() not in environment, "the token is in no list of processes")
        taken = subprocess.run([Settings.command, "serve", "--port", str(server.port)],
                               capture_output=True, text=True, timeout=20)
        check(taken.returncode == 73 and taken.stderr.count("\n") == 1 and not taken.stdout
              and str(server.port) in taken.stderr, "a taken port is told in a line, not", taken)
    for options in (["--host", "0.0.0.0"], ["--host", "::"], ["--host", "192.0.2.1"],
                    ["--host", "0.0.0.0", "--token", "short"], ["--host", ""], ["--port", "65536"],
                    ["--port", "-1"], ["--port", "x"], ["--token", "with spaces in the word"],
                    ["--host", "127.0.0.1.evil.example"], ["--memory", "x"], ["--max-running", "0"],
                    ["extra.png"]):
        run = subprocess.run([Settings.command, "serve", "--port", "0", *options], capture_output=True,
                             text=True, timeout=20)
        check(run.returncode == 64 and not run.stdout, f"{options} is refused with 64, not",
              f"{run.returncode} {run.stderr.strip()[:200]}")
    run = subprocess.run([Settings.command, "serve", "--port", "0", "--host", "192.0.2.1", "--token", TOKEN],
                         capture_output=True, text=True, timeout=20)
    check(run.returncode == 73 and run.stderr.count("\n") == 1, "an address of others is told:",
          f"{run.returncode} {run.stderr}")
    own = os.path.join(os.path.dirname(Settings.command), "quantize-serve")
    environment = {key: value for key, value in os.environ.items() if key != "QUANTIZE_SERVE"}
    for value in (None, "", "{", "[]", "{}"):
        more = {} if value is None else {"QUANTIZE_SERVE": value}
        run = subprocess.run([own], env=environment | more, capture_output=True, text=True,
                             timeout=20)
        check(run.returncode == 64 and run.stderr.count("\n") == 1,
              f"quantize-serve alone with {value!r} says why:", f"{run.returncode} {run.stderr}")
    with Server(check, "--quiet", "--host", "0.0.0.0", "--token", TOKEN) as server:
        answer = server.ask("GET", "/health", headers={
            "Authorization": f"Bearer {TOKEN}", "Host": "machine.example"})
        check(answer.status == 200, "with a token, any name of the machine will do, not", answer)
        check.refused(server.ask("GET", "/health"), "and nobody else", (401,))
