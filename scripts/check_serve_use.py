"""What people and scripts use: every route, every export, compared with the command."""
import http.client
import json
import math
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import urllib.parse
import zlib

from check_serve_tools import (
    Server,
    Settings,
    indexed_pixels,
    own_folders,
    png,
    sample,
    without_clear,
)


def by_hand(check, server, image, data, options, what):
    """Asks for an export, runs the command line that it names, and compares."""
    answer = server.ask("POST", f"/api/images/{image}/exports", options)
    if not check(answer.status == 200 and answer.body, f"{what} is exported, not", answer):
        return answer
    line = urllib.parse.unquote(answer.headers.get("X-Command", ""))
    disposition = answer.headers.get("Content-Disposition", "")
    name = urllib.parse.unquote(disposition.partition("filename*=UTF-8''")[2])
    check(name and not re.search(r"[/\\\x00-\x1f]", name) and name[0] not in "-.",
          f"{what} has the name of a file, not", repr(disposition))
    try:
        words = shlex.split(line)
        place = 2 if words[1] in ("segment", "recolor", "compare") else 1
        source = words[place]
    except (ValueError, IndexError):
        check(False, f"{what} has a command line, not", repr(line))
        return answer
    with tempfile.TemporaryDirectory(dir=Settings.scratch) as folder:
        folder = pathlib.Path(folder)
        try:
            (folder / source).write_bytes(data)
        except OSError as error:
            check(False, f"{what}: its picture can be stored:", error)
            return answer
        if "palette.json" in words:
            (folder / "palette.json").write_text(json.dumps(palette_file(options["palette"])))
        before = set(os.listdir(folder))
        path = f"{pathlib.Path(Settings.command).parent}:{os.environ['PATH']}"
        run = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True,
                             errors="replace", env=dict(os.environ, PATH=path), timeout=60)
        written = set(os.listdir(folder)) - before
        if not check(run.returncode == 0, f"{what}: its command line runs:",
                     f"{line[:200]} says {run.stderr.strip()[:200]}"):
            return answer
        file = folder / ("report/index.html" if options["as"] == "compare" else name)
        if not check(file.is_file(), f"{what}: its command line writes {name!r}, not",
                     sorted(written)):
            return answer
        if options["as"] == "report":
            check(answer.json and json.loads(file.read_bytes()), f"{what} is JSON")
        elif options["as"] == "compare":
            check(all(b"</html>" in text for text in (answer.body, file.read_bytes())),
                  f"{what} is a page")
        else:
            check(answer.body == file.read_bytes(),
                  f"{what}: its bytes are the command's:", line[:200])
    return answer


def palette_file(colors):
    """What palette.json of a given palette holds."""
    entries = []
    for text in colors:
        name, _, color = text.rpartition("=")
        entries.append({"hex": color[:7], "alpha": int(color[7:] or "ff", 16),
                        **({"name": name} if name else {})})
    return entries


GIVEN = ["Night=#112233", "#f4f1de", "rot & 'blau'=#e07a5f", "#81b29a", "#3d405b"]
OPTION_SETS = [
    ("still-life.jpg", {"colors": 16}),
    ("still-life.jpg", {"colors": 12, "perceptual": True}),
    ("still-life.jpg", {"colors": 12, "perceptual": True, "dither": "none", "space": "lab",
                        "importance": "none"}),
    ("still-life.jpg", {"palette": GIVEN}),
    ("still-life.jpg", {"palette": GIVEN, "keepPalette": True, "dither": "atkinson"}),
    ("still-life.jpg", {"palette": GIVEN, "cprime": 3, "perceptual": True}),
    ("still-life.jpg", {"colors": 8, "pins": ["Brand red=#e4002b", "#00f", "#00f"]}),
    ("still-life.jpg", {"colors": 8, "pins": ["-x=#e4002b", "a=b;$(x)=#fff"]}),
    ("still-life.jpg", {"colors": 10, "minRegion": 30}),
    ("still-life.jpg", {"colors": 16, "posterize": 3}),
    ("still-life.jpg", {"colors": 16, "effort": 1}),
    ("still-life.jpg", {"colors": 6, "effort": 9, "cprime": 2, "space": "oklab"}),
    ("still-life.jpg", {"colors": 9, "space": "linear", "seed": 2 ** 64 - 1}),
    ("still-life.jpg", {"colors": 9, "balance": 0.1, "importance": "auto"}),
    ("still-life.jpg", {"colors": 8, "cprime": 2, "mixing": "learned",
                        "variance": "per-component"}),
    ("still-life.jpg", {"colors": 8, "dither": "floyd-steinberg", "ditherStrength": 1e-7}),
    ("still-life.jpg", {"colors": 1}),
    ("logo.png", {"colors": 8}),
    ("logo.png", {"colors": 8, "cprime": 3, "dither": "sierra", "ditherStrength": 0.5}),
    ("logo.png", {"colors": 8, "background": "rgb(255 240 200)"}),
    ("logo.png", {"colors": 8, "alphaThreshold": 128}),
    ("logo.png", {"colors": 256}),
    ("logo.png", {"palette": ["half=#228b8280", "#183152", "#f25f4c", "#00000000"]}),
    ("cells.png", {"colors": 4, "cprime": 4}),
]
NAMES = [
    "two words.jpg", "it's \"quoted\" `x`.jpg", "größe 写真 🎨.jpg", "-k.jpg",
    "--output=x.jpg", "$(touch pwned).jpg", "a\nb.jpg", "x" * 300 + ".jpg", "写" * 300,
    "🎨" * 99 + ".jpg", "../../x", "..", ".", "", "C:\\photos\\y.jpg", ".hidden", "no ending",
    "a;b|c&d>e<f.jpg", "*.jpg", "[a-z].jpg", "%41.jpg", "%2e%2e%2fx.jpg", "a\0b.jpg",
    "x\u202egpj.exe", "~", "!x", "dot.", "name.tar.gz", "x.png", "photo-quantized.png",
    "serve", "segment", "recolor", "help", "batch", "64", "@list", "a=b", "report",
    "e\u0301.jpg", "\ufeffx.jpg", " lead.jpg", "trail.jpg ", "a,b:c.jpg", "{1,2}.jpg",
]


def basics(check):
    """All that the page uses."""
    data = {name: sample(name) for name in ("still-life.jpg", "logo.png", "cells.png")}
    with Server(check) as server:
        health = server.health()
        check(health.get("status") == "ok" and health["images"] == 0, "/health is", health)
        about = server.ask("GET", "/api").json
        check({"version", "limits", "spaces", "dithers", "exports"} <= set(about),
              "/api lists what there is, not", set(about))
        for path in ("/", "/samples/still-life.jpg", "/samples/logo.png"):
            answer = server.ask("GET", path)
            check(answer.status == 200 and answer.body, f"{path} is there, not", answer)
            check("default-src 'none'" in answer.headers.get("Content-Security-Policy", ""),
                  f"{path} has a policy")
        answer = server.upload(data["still-life.jpg"], "still-life.jpg")
        facts = answer.json
        check(answer.status == 201 and facts.get("width") == 768 and facts["height"] == 512
              and facts["name"] == "still-life.jpg" and facts["alpha"] is False
              and facts["bytes"] == len(data["still-life.jpg"]), "a picture has facts:", answer)
        image = facts.get("id", "none")
        pixels = server.ask("GET", f"/api/images/{image}/pixels?reduced=false")
        check(len(pixels.body) == 768 * 512 * 4 and pixels.headers["X-Width"] == "768",
              "its pixels are there, not", len(pixels.body))
        basics_of_fit(check, server, image)
        basics_of_reduced(check, server)
        for path in ("cloud", "cloud?limit=100&space=srgb", "cloud?limit=20000&space=lab"):
            points = server.ask("GET", f"/api/images/{image}/{path}").json.get("points", [])
            weight = sum(point[6] for point in points)
            check(points and len(points[0]) == 7 and weight == 768 * 512,
                  f"{path} has a point for every colour, not", (len(points), weight))
        for axis in ("colors", "cprime"):
            answer = server.ask("POST", f"/api/images/{image}/curves", {
                "colors": 16, "effort": 1, "over": axis, "values": [2, 8, 4, 4]})
            lines = [json.loads(line) for line in answer.body.splitlines()
                     if answer.status == 200] or [{}]
            check([line.get("value") for line in lines] == [2, 4, 8, None]
                  and lines[-1].get("done") and all(line["mse"] > 0 for line in lines[:-1]),
                  f"a curve over {axis} has a line a value:", answer)
        answer = server.ask("POST", "/api/palettes?name=a.gpl",
                            b"GIMP Palette\n#\n17 34 51 Night\n255 0 0\n")
        check(answer.status == 200 and answer.json.get("colors") == [
            {"hex": "#112233", "name": "Night"}, {"hex": "#ff0000"}],
            "a palette file is read:", answer)
        answer = server.ask("POST", "/api/palettes?name=a.hex", b"nothing")
        check(answer.status == 422 and "error" in answer.json, "or refused:", answer)
        # An upload without a length.
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", "/api/images?name=a.png", iter([data["logo.png"][:1000],
                           data["logo.png"][1000:]]), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})
        check(connection.getresponse().status == 201, "an upload in chunks is taken")
        connection.close()
        images = {"still-life.jpg": image} | {
            name: server.image(data[name], name) for name in ("logo.png", "cells.png")}
        exports(check, server, about, images, data)
        names(check, server, sample("pixel-art.png"))
        check(not own_folders(server.pid), "no folder is left of exports:",
              own_folders(server.pid))


def basics_of_fit(check, server, image):
    """Labels, masks and so on of a fit."""
    fit = server.fit(image, {"colors": 8, "cprime": 2, "measure": True}).json
    check(len(fit.get("palette", [])) == 8 and fit["bits"] == 8 and fit["cprime"] == 2
          and sum(entry["pixels"] for entry in fit["palette"]) == 768 * 512
          and fit["figures"]["deltaE"] > 0 and fit["figures"]["bytes"] > 0,
          "a fit has a palette and figures:", str(fit)[:200])
    base = f"/api/images/{image}/fits/{fit.get('id')}"
    labels = server.ask("GET", f"{base}/labels").body
    check(len(labels) == 768 * 512 and max(labels) == 7, "labels:", len(labels))
    masks = [server.ask("GET", f"{base}/mask?entry={n}").body for n in range(8)]
    sums = [sum(levels) for levels in zip(*masks)]
    check(len(sums) == 768 * 512 and all(252 <= level <= 258 for level in sums),
          "masks sum to 255 everywhere, not", (min(sums, default=0), max(sums, default=0)))
    for x, y in ((0, 0), (767, 511), (300, 200)):
        at = server.ask("GET", f"{base}/at?x={x}&y={y}").json
        shares = at.get("responsibilities", [])
        check(shares and abs(sum(part["share"] for part in shares) - 1) < 1e-3
              and len(shares) <= 2 and at["label"] == labels[y * 768 + x]
              and shares[0]["entry"] == at["label"]
              and shares == sorted(shares, key=lambda part: -part["share"])
              and abs(masks[at["label"]][y * 768 + x] - 255 * shares[0]["share"]) < 1,
              f"the pixel at {x}, {y} agrees with labels and masks:", at)
    answer = server.ask("GET", f"{base}/uncertainty")
    check(len(answer.body) == 768 * 512 and max(answer.body) > 200
          and abs(float(answer.headers["X-Most"]) - math.log(2)) < 1e-9,
          "uncertainty:", answer.headers.get("X-Most"))
    hard = [n for n, level in enumerate(answer.body) if level == 0][:1000]
    check(all(masks[labels[n]][n] > 250 for n in hard), "certain pixels have one colour")
    answer = server.ask("POST", f"{base}/recolor", {"moves": [{"entry": 3, "to": "#1d4ed8"}],
                                                    "shades": 20})
    check(len(answer.body) == 768 * 512 * 4 and answer.headers["X-Height"] == "512",
          "a colour is moved:", answer.status)
    for path in (f"{base}/at?x=768&y=0", f"{base}/at?x=-1&y=0", f"{base}/at?x=1",
                 f"{base}/at?x=1e3&y=%00", f"{base}/mask", f"{base}/mask?entry=8",
                 f"{base}/mask?entry=-1", f"{base}/mask?entry=99999999999999999999",
                 f"/api/images/{image}/cloud?limit=0", f"/api/images/{image}/cloud?limit=x",
                 f"/api/images/{image}/cloud?limit=9223372036854775807",
                 f"/api/images/{image}/cloud?space=cmyk"):
        check.refused(server.ask("GET", path), path.rpartition("/")[2])
    for path in ("/api/images/0/pixels", f"/api/images/{image}/fits/99/labels",
                 f"/api/images/{image}/fits/%2e%2e/labels", "/api/nothing", "/nothing"):
        check.refused(server.ask("GET", path), path, (404,))


def basics_of_reduced(check, server):
    """A picture that is shown smaller: both results fit together."""
    width, height = 1401, 1003
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (
        x * 255 // width, y * 255 // height, (x ^ y) & 255)) for y in range(0, height, 17))
    stride = 3 * width + 1
    rows = b"".join(rows[n:n + stride] * 17 for n in range(0, len(rows), stride))[:height * stride]
    answer = server.upload(png(width, height, zlib.compress(rows, 1)), "large.png").json
    factor, base = answer.get("reduction", 1), f"/api/images/{answer.get('id')}"
    small = (-(-width // factor), -(-height // factor))
    check(factor > 1, "a picture of 1.4 megapixels is reduced, not", answer)
    options = {"colors": 6, "cprime": 2, "effort": 1}
    full = server.fit(answer.get("id"), {**options, "reduced": False}).json
    fit = server.fit(answer.get("id"), {**options, "reduced": True}).json
    check((full.get("width"), full.get("height"), full.get("reduction")) == (width, height, 1)
          and (fit.get("width"), fit.get("height"), fit.get("reduction")) == (*small, factor),
          "results have their sizes:", (fit.get("width"), fit.get("height")))
    colors = [sorted(entry["hex"] for entry in result["palette"]) for result in (fit, full)]
    check(colors[0] == colors[1], "both have the same colours, not", colors)
    count = small[0] * small[1]
    sizes = {"pixels?reduced=true": 4 * count, "pixels?reduced=false": 4 * width * height,
             f"fits/{fit['id']}/labels": count, f"fits/{full['id']}/labels": width * height,
             f"fits/{fit['id']}/uncertainty": count, f"fits/{fit['id']}/mask?entry=0": count,
             f"fits/{full['id']}/mask?entry=5": width * height}
    parts = {}
    for path, size in sizes.items():
        part = parts[path] = server.ask("GET", f"{base}/{path}")
        shape = int(part.headers.get("X-Width", 0)) * int(part.headers.get("X-Height", 0))
        check(len(part.body) == size and shape in (size, size // 4),
              f"{path} has {size} bytes, not", f"{len(part.body)}, {shape}")
    moved = server.ask("POST", f"{base}/fits/{fit['id']}/recolor", {
        "moves": [{"entry": 0, "to": "#1d4ed8"}]})
    check(len(moved.body) == 4 * count, "a recoloured one is reduced, not", len(moved.body))
    for x, y in ((0, 0), (width - 1, height - 1), (700, 17)):
        for result, across, by in ((fit, small[0], factor), (full, width, 1)):
            at = server.ask("GET", f"{base}/fits/{result['id']}/at?x={x}&y={y}").json
            labels = parts[f"fits/{result['id']}/labels"].body
            check(at.get("label") == labels[y // by * across + x // by]
                  and abs(sum(part["share"] for part in at["responsibilities"]) - 1) < 1e-3,
                  f"the pixel at {x}, {y} agrees with the labels of /{by}:", at)
    server.ask("DELETE", base)


def exports(check, server, about, images, data):
    """Every file is what the command writes."""
    kinds = [kind["name"] for kind in about["exports"]]
    check(len(kinds) >= 25 and {"png", "npz", "layers-psd", "compare"} <= set(kinds),
          "there are many kinds of files, not", kinds)
    for kind in kinds:
        options = {"colors": 6, "cprime": 2, "effort": 3, "as": kind}
        if kind == "recolor":
            options["moves"] = [{"from": "#ab2322", "to": "#1d4ed8"}]
            options["shades"] = 35.5
        # A JPEG has no alpha.
        name = "still-life.jpg" if kind in ("jpeg", "recolor", "ora") else "logo.png"
        by_hand(check, server, images[name], data[name], options, f"{kind} of {name}")
    for name, options in OPTION_SETS + [
            ("logo.png", {"colors": 8, "effort": 2, "dither": dither})
            for dither in about["dithers"]]:
        what = f"{name} with {json.dumps(options)}"
        exported = by_hand(check, server, images[name], data[name], {**options, "as": "png"},
                           what)
        # The page shows the same pixels.
        fit = server.fit(images[name], {**options, "reduced": False}).json
        labels = server.ask(
            "GET", f"/api/images/{images[name]}/fits/{fit.get('id')}/labels").body
        table = [bytes.fromhex(entry["hex"][1:]) + bytes([entry["alpha"]])
                 for entry in fit.get("palette", [])]
        try:
            shown = b"".join([table[label] for label in labels])
            written = indexed_pixels(exported.body)
        except (ValueError, KeyError, IndexError, zlib.error) as error:
            check(False, f"{what}: the PNG and the preview are read:", repr(error))
            continue
        # What is completely transparent has no colour.
        if b"\0" in {entry[3:] for entry in table}:
            shown, written = without_clear(shown), without_clear(written)
        check(shown == written, f"{what}: the preview has the pixels of the PNG")
        line = urllib.parse.unquote(exported.headers.get("X-Command", ""))
        check(fit.get("command") == line, f"{what}: both name one command:",
              f"{fit.get('command')} and {line}")
    answer = server.ask("POST", f"/api/images/{images['logo.png']}/exports", {
        "colors": 8, "as": "png", "ditto": "command"})
    check(answer.json.get("command", "").startswith("quantize logo.png "),
          "the command line alone is told, not", answer)
    for name, options in (("recolor without moves", {"as": "recolor"}), ("as", {"as": "pdf"}),
                          ("compare with a palette", {"as": "compare", "palette": ["#000"]}),
                          ("an empty move", {"as": "recolor", "moves": [{}]})):
        check.refused(server.ask("POST", f"/api/images/{images['logo.png']}/exports",
                                 {"colors": 4, **options}), name)


def names(check, server, data):
    """Pictures with odd names."""
    for name in NAMES:
        image = server.image(data, name)
        for kind in ("png", "outlines") if name in ("serve", "two words.jpg", "🎨" * 99 + ".jpg",
                                                    "-k.jpg") else ("png",):
            by_hand(check, server, image, data, {"colors": 3, "effort": 1, "as": kind},
                    f"{kind} of {name[:40]!r}")
        server.ask("DELETE", f"/api/images/{image}")
    image = server.image(data, "palette.json")
    answer = server.ask("POST", f"/api/images/{image}/exports", {"colors": 3, "as": "png"})
    if answer.status != 200:
        check.refused(answer, "an export of palette.json")
    answer = server.ask("POST", f"/api/images/{image}/exports",
                        {"palette": ["#000", "#fff"], "as": "png"})
    if answer.status != 200:
        check.refused(answer, "an export of palette.json with a palette")
