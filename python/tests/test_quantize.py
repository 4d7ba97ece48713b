"""Images: what arrays, files and options become."""

import copy
import json
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import quantize


def photo(height=60, width=80, seed=0):
    """Smooth colours with noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    base = np.stack([x * 200 / width, y * 200 / height, (x + y) * 90 / width], axis=2)
    return np.clip(base + random.normal(0, 9, base.shape), 0, 255).astype(np.uint8)


PHOTO = photo()


def test_a_palette_is_kept_with_its_order():
    ramp = np.tile(np.arange(100, 200, dtype=np.uint8), (4, 1))
    given = ["#ff0000", "#c0c0c0", "#00ff00", "#646464"]
    kept = quantize.map(ramp, given, keep_palette=True)
    assert kept.entries.hex == given
    assert kept.entries.counts[[0, 2]].tolist() == [0, 0]
    assert set(np.unique(kept.indices)) == {1, 3}
    assert len(quantize.map(ramp, given).entries) == 2
    fitted = quantize.fit(quantize.Histogram(ramp), 8)
    some = quantize.map(ramp[:, :20], fitted, keep_palette=True)
    assert some.entries.hex == fitted.hex
    assert (some.pixels == quantize.map(ramp[:, :20], fitted).pixels).all()


def test_indices_palette_and_error_agree():
    result = quantize.quantize(PHOTO, k=12)
    assert result.indices.shape == (60, 80) and result.indices.dtype == np.uint8
    assert result.palette.shape == (12, 3)
    difference = result.pixels.astype(int) - PHOTO
    assert result.error == pytest.approx((difference**2).sum(axis=2).mean())
    counts = np.bincount(result.indices.ravel(), minlength=12)
    assert counts.tolist() == result.entries.counts.tolist()
    assert counts.tolist() == sorted(counts.tolist(), reverse=True)
    # Each pixel has the nearest colour.
    distances = ((PHOTO[:, :, None].astype(int) - result.palette) ** 2).sum(axis=3)
    nearest = np.take_along_axis(distances, result.indices[..., None].astype(int), 2)
    assert (nearest[..., 0] == distances.min(axis=2)).all()


def test_forms_of_the_same_image():
    expected = quantize.quantize(PHOTO, k=7)

    def same(image):
        found = quantize.quantize(image, k=7)
        return (found.indices == expected.indices).all() and (
            found.palette == expected.palette
        ).all()

    big = np.zeros((120, 160, 4), np.uint8)
    big[::2, ::2, :3] = PHOTO
    assert same(big[::2, ::2, :3])
    assert same(np.asfortranarray(PHOTO))
    opaque = np.dstack([PHOTO, np.full(PHOTO.shape[:2], 255, np.uint8)])
    assert same(opaque)
    frozen = PHOTO.copy()
    frozen.flags.writeable = False
    assert same(frozen)
    turned = quantize.quantize(PHOTO[::-1], k=7)
    assert (turned.indices[::-1] == expected.indices).all()
    transposed = quantize.quantize(PHOTO.transpose(1, 0, 2), k=7)
    assert (transposed.indices.T == expected.indices).all()
    deep = PHOTO.astype(np.uint16) * 257
    a, b = quantize.quantize(deep, k=7), quantize.quantize(deep / 65_535, k=7)
    assert (a.indices == b.indices).all()
    assert same(PHOTO.astype(">u1"))
    swapped = quantize.quantize(deep.astype(">u2"), k=7)
    assert (swapped.indices == a.indices).all()
    grey = PHOTO[..., 0]
    tripled = quantize.quantize(np.dstack([grey] * 3), k=5)
    for form in (grey, grey[..., None], np.dstack([grey, np.full_like(grey, 255)])):
        assert (quantize.quantize(form, k=5).indices == tripled.indices).all()
    bits = grey > 100
    assert quantize.quantize(bits, k=4).palette.tolist() in (
        [[0] * 3, [255] * 3], [[255] * 3, [0] * 3]
    )


def test_the_input_is_left_alone():
    image = PHOTO.copy()
    quantize.quantize(image, k=4, dither="floyd-steinberg")
    assert (image == PHOTO).all()


def test_alpha():
    image = np.dstack([PHOTO, np.tile(np.arange(80, dtype=np.uint8) * 3, (60, 1))])
    result = quantize.quantize(image, k=9)
    assert result.palette.shape[1] == 4
    assert (result.palette[result.indices[:, 0], 3] == 0).all()


def test_more_than_256_colors():
    result = quantize.quantize(PHOTO, k=900)
    assert result.indices.dtype == np.uint16 and len(result.palette) > 256
    difference = result.pixels.astype(int) - PHOTO
    assert result.error == pytest.approx((difference**2).sum(axis=2).mean())


def test_threads_and_seeds():
    results = [quantize.quantize(PHOTO, k=9, threads=n, seed=3) for n in (1, 2, 7)]
    for other in results[1:]:
        assert (other.indices == results[0].indices).all()
        assert (other.palette == results[0].palette).all()


@pytest.mark.parametrize("settings", [
    {"dither": "floyd-steinberg"}, {"dither": "blue-noise", "dither_strength": 0.5},
    {"space": "oklab"}, {"space": "linear", "cprime": 3}, {"perceptual": True},
    {"weights": "learned", "covariance_type": "spherical"}, {"balance": 0.5},
    {"importance": "auto"}, {"importance": PHOTO[..., 0]}, {"effort": 1},
    {"pinned": ["#ff0000", (0, 0, 255)]}, {"k": 64, "quality": (0, 1)},
    {"from_image": True}, {"posterize": 2}, {"min_region": 40}, {"max_iter": 3, "tol": 0.1},
])
def test_every_option_does_something(settings):
    # Few levels, so that colours differ in how many pixels they have.
    image = PHOTO & 0xF0
    settings = {"k": 8} | settings
    plain = quantize.quantize(image, k=settings["k"])
    result = quantize.quantize(image, **settings)
    assert (
        result.palette.shape != plain.palette.shape
        or (result.palette != plain.palette).any()
        or (result.indices != plain.indices).any()
        or len(result.free_energy) != len(plain.free_energy)
    )


def test_pins_means_and_palettes():
    pinned = quantize.quantize(PHOTO, k=6, pinned=["#ff0000", (0, 0, 255)])
    colors = pinned.entries.hex
    assert "#ff0000" in colors and "#0000ff" in colors
    means = [[10, 20, 30], [200, 100, 50.5]]
    started = quantize.quantize(PHOTO, init=means, max_iter=0)
    assert started.entries.hex and set(started.entries.hex) <= {"#0a141e", "#c86433"}
    mapped = quantize.map(PHOTO, ["#000000", "#ffffff", "#ff000080"])
    assert set(mapped.entries.hex) <= {"#000000", "#ffffff"}
    other = quantize.map(photo(seed=5), pinned)
    assert set(other.entries.hex) <= set(colors)
    assert (quantize.map(PHOTO, pinned).indices == pinned.indices).all()


def test_responsibilities():
    result = quantize.quantize(PHOTO, k=6, cprime=3)
    dense = result.responsibilities()
    components, shares = result.responsibilities("truncated")
    assert dense.shape == (60, 80, 6) and shares.shape == (60, 80, 3)
    assert np.allclose(dense.sum(axis=2), 1, atol=1e-5)
    assert np.allclose(np.take_along_axis(dense, components.astype(int), 2), shares)
    # The formula of the paper, section 2.
    model = result.model
    points = PHOTO.reshape(-1, 1, 3).astype(float)
    squares = ((points - model.means) ** 2).sum(axis=2)
    nearest = np.sort(squares, axis=1)[:, :3]
    expected = np.exp(-(nearest - nearest[:, :1]) / (2 * model.variances[0]))
    expected /= expected.sum(axis=1, keepdims=True)
    assert np.allclose(shares.reshape(-1, 3), expected, atol=1e-5)
    uncertainty = result.uncertainty
    assert uncertainty.shape == (60, 80) and (uncertainty >= 0).all()
    assert uncertainty.max() <= np.log(3) + 1e-5
    full = result.responsibilities("truncated", cprime=6)[1]
    assert full.shape == (60, 80, 6)
    scipy = pytest.importorskip("scipy.sparse")
    sparse = result.responsibilities("sparse")
    assert scipy.issparse(sparse)
    assert np.allclose(sparse.toarray(), dense.reshape(-1, 6))


def test_report_is_json():
    result = quantize.quantize(PHOTO, k=5, cprime=2)
    report = json.loads(json.dumps(result.report))
    assert report["colors"] == 5 and report["k"] == 5 and report["cprime"] == 2
    assert sum(entry["count"] for entry in report["palette"]) == 4800
    assert report["psnr"] == pytest.approx(
        10 * np.log10(255**2 * 3 / result.error)
    )
    assert np.diff(report["free_energy"]).min(initial=0) >= -1e-9


def test_histograms_add_up():
    parts = [photo(seed=n) for n in range(4)]
    one = quantize.Histogram(*parts)
    other = sum(quantize.Histogram(part) for part in reversed(parts))
    assert one == other and one.to_bytes() == other.to_bytes()
    assert one.pixels == 4 * 4800 and int(one.counts.sum()) == one.pixels
    assert quantize.fit(one, 9).hex == quantize.fit(other, 9).hex
    again = pickle.loads(pickle.dumps(one))
    assert again == one and len(again) == len(one)
    assert pickle.loads(pickle.dumps(quantize.Histogram())) == quantize.Histogram()
    single = quantize.fit(quantize.Histogram(parts[0]), 9)
    assert single.hex == quantize.quantize(parts[0], 9).entries.hex
    assert single.hex == quantize.fit(parts[0], 9).hex
    for damaged in (one.to_bytes()[:-1], b"", b"x" * 100):
        with pytest.raises(ValueError, match="histogram"):
            quantize.Histogram.from_bytes(damaged)


def test_what_is_not_pickled():
    # A copy of a pointer would be freed twice.
    palette = quantize.fit(PHOTO, 3)
    for one in (palette, quantize.map(PHOTO, palette), quantize.Points(np.eye(2))):
        for copied in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="copied or pickled"):
                copied(one)


def test_pillow():
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    picture = pillow.fromarray(PHOTO)
    result = quantize.quantize(picture, k=8)
    assert (result.indices == quantize.quantize(PHOTO, k=8).indices).all()
    shown = result.image
    assert shown.mode == "P" and (np.asarray(shown.convert("RGB")) == result.pixels).all()
    clear = np.dstack([PHOTO, np.where(PHOTO[..., 0] > 90, 255, 0).astype(np.uint8)])
    with_alpha = quantize.quantize(pillow.fromarray(clear), k=8)
    assert (np.asarray(with_alpha.image.convert("RGBA")) == with_alpha.pixels).all()
    # Modes of all kinds are taken.
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV"):
        base = picture.convert("L").convert(mode) if mode == "LA" else picture.convert(mode)
        assert quantize.quantize(base, k=3).indices.shape == (60, 80)


def test_paths(tmp_path):
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    path = tmp_path / "photo.png"
    pillow.fromarray(PHOTO).save(path)
    for source in (path, str(path)):
        assert (
            quantize.quantize(source, k=8).indices
            == quantize.quantize(PHOTO, k=8).indices
        ).all()
    with pytest.raises(FileNotFoundError):
        quantize.quantize(tmp_path / "none.png")


@pytest.mark.parametrize("image, failure, message", [
    (np.zeros((0, 4, 3), np.uint8), ValueError, "at least one pixel"),
    (np.zeros((4, 4, 5), np.uint8), ValueError, "1 to 4 channels"),
    (np.zeros(4, np.uint8), ValueError, "shape"),
    (np.zeros((4, 4), np.int32), TypeError, "uint8, uint16 or floats, not int32"),
    (np.zeros((4, 4), complex), TypeError, "not complex128"),
    (np.full((4, 4, 3), np.nan), ValueError, "not a number"),
    (PHOTO.astype(float), ValueError, "floats are samples from 0 to 1, but the larg"),
    ("abc", FileNotFoundError, "abc"),
    (None, ValueError, "shape"),
])
def test_wrong_images(image, failure, message):
    with pytest.raises(failure, match=message):
        quantize.quantize(image, k=4)


@pytest.mark.parametrize("settings, failure, message", [
    ({"k": 0}, ValueError, "k must be 1 to 65536, not 0"),
    ({"k": 65_537}, ValueError, "k must be 1 to 65536, not 65537"),
    ({"k": 2.5}, TypeError, "k must be a whole number, not 2.5"),
    ({"k": "8"}, TypeError, "k must be a whole number"),
    ({"cprime": 0}, ValueError, "cprime must be at least 1, not 0"),
    ({"effort": 11}, ValueError, "effort must be 1 to 10, not 11"),
    ({"space": "cmyk"}, ValueError, "space must be one of 'srgb'"),
    ({"dither": "atkinsons"}, ValueError, "there is no dithering"),
    ({"dither": None}, TypeError, "dither must be a name"),
    ({"dither": "none", "dither_strength": 2}, ValueError, "dither_strength must be"),
    ({"pinned": ["red"]}, ValueError, "'red' is no colour; write #rrggbb"),
    ({"pinned": [(1, 2, 300)]}, ValueError, "0 to 255, not 300"),
    ({"k": 1, "pinned": ["#000000", "#ffffff"]}, quantize.QuantizeError, "pinned"),
    ({"palette": []}, ValueError, "no colours"),
    ({"palette": ["#00000000"]}, ValueError, "opaque"),
    ({"init": [1, 2, 3]}, ValueError, "one row a mean"),
    ({"init": [[1, 2]]}, ValueError, "3 or 4 coordinates, not 2"),
    ({"init": [[1, 2, 999]]}, ValueError, "not within 0 to 255"),
    ({"balance": 2}, ValueError, "balance must be 0 to 1"),
    ({"min_region": 0}, ValueError, "min_region must be"),
    ({"min_region": 9, "dither": "atkinson"}, quantize.QuantizeError, "min-region"),
    ({"tol": float("nan")}, ValueError, "tol must be 0 or greater"),
    ({"importance": np.zeros((3, 3), np.uint8)}, ValueError, "importance map has 3 x 3"),
    ({"quality": (90, 100), "k": 2}, quantize.QuantizeError, "quality"),
    ({"progress": 3}, TypeError, "progress must be True or a function"),
    ({"colours": 3}, TypeError, "there is no option 'colours'"),
    ({"ditherr": "none"}, TypeError, "did you mean 'dither'"),
])
def test_wrong_options(settings, failure, message):
    with pytest.raises(failure, match=message):
        quantize.quantize(PHOTO, **settings)


@pytest.mark.parametrize("dimension", [3, 7, 18, 64, 600])
def test_kernels_give_the_bits_of_portable_code(dimension):
    program = f"""
import hashlib
import numpy as np, quantize
random = np.random.default_rng({dimension})
points = random.normal(size=(613, {dimension})) + random.integers(0, 4, (613, 1))
for k, cprime in ((1, 1), (6, 1), (13, 1), (5, 2)):
    model = quantize.fit_points(points, k, cprime=cprime, threads=2)
    near = model.predict(points)
    print(hashlib.sha256(model.means.tobytes() + near.tobytes()).hexdigest())
"""
    said = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                       check=True, env=os.environ | change).stdout
        for change in ({}, {"QUANTIZE_PORTABLE": "1"})
    ]
    assert said[0] == said[1] and len(said[0].split()) == 4


def test_metrics():
    result = quantize.quantize(PHOTO, k=8)
    figures = quantize.metrics(result.pixels, PHOTO)
    assert figures["mse"] == pytest.approx(result.error)
    assert figures["psnr"] == pytest.approx(result.report["psnr"])
    assert 0 < figures["ssim"] < 1 and 0 < figures["delta_e2000"] < 20
    assert figures["delta_e2000_p95"] > figures["delta_e2000"]
    same = quantize.metrics(PHOTO, PHOTO)
    assert same["mse"] == 0 and same["psnr"] == np.inf and same["ssim"] == 1
    assert np.isnan(quantize.metrics(PHOTO[:5], PHOTO[:5])["ssim"])
    with pytest.raises(ValueError, match="pixels"):
        quantize.metrics(PHOTO, PHOTO[1:])


def test_segments():
    labels = quantize.segment(PHOTO, k=5, cprime=2, seed=3)
    assert labels.shape == (60, 80) and labels.dtype == np.int32
    assert set(np.unique(labels)) <= set(range(5))
    spatial = quantize.segment(PHOTO, k=5, spatial=0.5, min_region=40)
    assert (spatial != labels).any()
    counts = np.bincount(spatial.ravel())
    assert counts[counts > 0].min() >= 40
    pieces = quantize.superpixels(PHOTO, 30, cprime=3)
    assert sorted(np.unique(pieces)) == list(range(30))
    assert len(np.unique(quantize.superpixels(PHOTO[:2, :3], 50))) == 6
    told = []
    quantize.superpixels(PHOTO, 9, progress=lambda *what: told.append(what))
    assert told
    for wrong in ({"k": 0}, {"min_region": 0}, {"spatial": -1.0}, {"cprime": 9}):
        with pytest.raises((ValueError, quantize.QuantizeError)):
            quantize.segment(PHOTO, **wrong)
    for wrong in ({"count": 0}, {"count": 4, "cprime": 10},
                  {"count": 4, "compactness": float("nan")}):
        with pytest.raises((ValueError, quantize.QuantizeError)):
            quantize.superpixels(PHOTO, **wrong)


def test_points():
    random = np.random.default_rng(0)
    points = random.normal(size=(300, 4)) + random.integers(0, 3, (300, 1)) * 20
    model = quantize.fit_points(points, 3, cprime=3)
    again = pickle.loads(pickle.dumps(model))
    assert (again.means == model.means).all() and again.converged == model.converged
    single = quantize.fit_points(points.astype(np.float32), 3, cprime=3)
    assert np.allclose(single.means, model.means, atol=1e-4)
    assert np.diff(model.free_energy).min(initial=0) >= -1e-9
    weighted = quantize.fit_points(quantize.Points(points, np.ones(300)), 3, cprime=3)
    assert (weighted.means == model.means).all()
    assert model.predict(points).shape == (300,)
    assert quantize.fit_points(random.normal(size=(1_000_000, 1)), 4).means.shape == (4, 1)
    for wrong in ([[np.nan]], [[np.inf]], np.zeros((0, 2)), np.zeros((2, 0))):
        with pytest.raises(ValueError):
            quantize.Points(wrong)
    with pytest.raises(TypeError):
        quantize.Points([["a"]])
    with pytest.raises(ValueError, match="weights"):
        quantize.Points([[1.0]], [-1])
    with pytest.raises(ValueError, match="coordinates"):
        model.predict([[1.0, 2.0]])


def test_progress():
    told = []
    quantize.quantize(PHOTO, k=32, cprime=2, effort=7,
                      progress=lambda stage, share: told.append((stage, share)))
    assert [stage for stage in dict(told)] == ["histogram", "fit", "map"]
    for stage in dict(told):
        shares = [share for name, share in told if name == stage]
        assert shares == sorted(shares)

    def fail(stage, share):
        raise LookupError(stage)

    with pytest.raises(LookupError, match="histogram"):
        quantize.quantize(PHOTO, progress=fail)
    assert quantize.quantize(PHOTO, k=4).indices.size


def test_many_threads_at_once():
    expected = quantize.quantize(PHOTO, k=16).indices
    found = []

    def work():
        found.append(quantize.quantize(PHOTO, k=16).indices)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all((other == expected).all() for other in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_fork_after_work():
    """Threads of the library are not in a child; it makes its own."""
    expected = quantize.quantize(PHOTO, k=16, threads=4).indices
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        right = (quantize.quantize(PHOTO, k=16, threads=4).indices == expected).all()
        os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_interrupts():
    """Ctrl-C ends a long fit soon, and the interpreter goes on."""
    program = """
import os, signal, threading, time
import numpy as np, quantize
# A shell in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
points = np.random.default_rng(0).normal(size=(400_000, 8))
threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
began = time.monotonic()
try:
    quantize.fit_points(points, 2_000, effort=10)
except KeyboardInterrupt:
    took = time.monotonic() - began
    small = quantize.fit_points(points[:500], 2)
    print("interrupted", took < 2.6, small.means.shape)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True,
                          text=True, timeout=120)
    assert done.stdout.split() == ["interrupted", "True", "(2,", "8)"], done.stderr


@pytest.mark.skipif("QUANTIZE_REFERENCE" not in os.environ,
                    reason="QUANTIZE_REFERENCE names no files of the command")
def test_the_command_gives_the_same():
    """Palettes and pixels of the command, with the options of their names."""
    pillow = pytest.importorskip("PIL.Image")
    folder = pathlib.Path(os.environ["QUANTIZE_REFERENCE"])
    cases = json.loads((folder / "cases.json").read_text())
    assert cases
    for case in cases:
        result = quantize.quantize(folder / case["input"], **case["settings"])
        with pillow.open(folder / case["output"]) as written:
            expected = np.asarray(written)
            palette = np.array(written.getpalette("RGB"), np.uint8).reshape(-1, 3)
        assert (result.indices == expected).all(), case
        assert (result.entries.rgb == palette[: len(result.palette)]).all(), case


def test_importing_is_light():
    """Nothing optional is imported."""
    program = (
        "import sys, quantize; "
        "print([name for name in ('PIL', 'sklearn', 'scipy', 'tqdm') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True,
                          text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kinds", [
    {}, {"weights": "learned", "covariance_type": "spherical"},
])
def test_steps_over_parts_are_those_of_a_fit(kinds):
    random = np.random.default_rng(6)
    points = np.concatenate([random.normal(m, 1, (400, 3)) for m in (0, 3, 9)])
    weights = random.random(len(points))
    model = quantize.Model(points[[1, 500, 900]], 2.0)
    energies = []
    for _ in range(60):
        parts = [
            pickle.loads(pickle.dumps(model)).statistics(
                quantize.Points(points[part], weights[part]), 3)
            for part in np.array_split(np.arange(len(points)), 5)
        ]
        total = pickle.loads(pickle.dumps(sum(parts)))
        energies.append(total.free_energy / total.total_weight)
        model = model.maximized(total, **kinds)
    assert (np.diff(energies) > -1e-12).all()
    fit = quantize.fit_points(
        quantize.Points(points, weights), cprime=3, tol=0, max_iter=60,
        init=points[[1, 500, 900]], **kinds)
    assert np.allclose(model.means, fit.means, atol=1e-4)
    assert total.total_weight == pytest.approx(weights.sum())
    with pytest.raises(ValueError, match="another model"):
        quantize.Model([[0.0]]).maximized(total)


def test_colours_that_are_given_are_counted():
    histogram = quantize.Histogram(PHOTO)
    order = np.random.default_rng(1).permutation(len(histogram))
    again = quantize.Histogram().add_colors(
        histogram.colors[order], histogram.counts[order])
    assert again == histogram
    weighted = quantize.Histogram().add_colors(np.zeros((1, 3), np.uint8), [3], [0.5])
    assert weighted.weights.tolist() == [0.5] and weighted.pixels == 3
    for colors, counts, weights in (
        (np.zeros((1, 3)), [1], None),
        (np.zeros((1, 2), np.uint8), [1], None),
        (np.zeros((1, 3), np.uint8), [0], None),
        (np.zeros((1, 3), np.uint8), [-1], None),
        (np.zeros((1, 3), np.uint8), [1, 2], None),
        (np.zeros((1, 3), np.uint8), [1], [np.nan]),
    ):
        with pytest.raises((TypeError, ValueError)):
            quantize.Histogram().add_colors(colors, counts, weights)


def test_kernels_give_the_bits_of_the_portable_code():
    """Balls, the filter and the kernels in C change no sum, in any dimension."""
    script = textwrap.dedent(
        """
        import hashlib
        import numpy as np
        import quantize
        random = np.random.default_rng(4)
        digest = hashlib.sha256()
        for dimension in (2, 3, 7, 16, 33):
            for spread in (1, 30):
                centers = random.normal(0, spread, (12, dimension))
                rows = centers[random.integers(0, 12, 5000)]
                rows = rows + random.normal(0, 1, rows.shape)
                points = quantize.Points(rows, random.integers(0, 4, 5000))
                tied = quantize.Model(rows[:40], 2.0)
                own = quantize.Model(
                    rows[:40], np.linspace(0.5, 3, 40), np.full(40, 1 / 40)
                )
                for cprime in (1, 2, 3, 9, 40):
                    for model in (tied, own):
                        found = model.statistics(points, cprime, threads=2)
                        digest.update(found.numbers.tobytes())
        print(digest.hexdigest())
        """
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, **extra},
            check=True, capture_output=True, text=True,
        ).stdout
        for extra in ({}, {"QUANTIZE_PORTABLE": "1"})
    }
    assert len(found) == 1
