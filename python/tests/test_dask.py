"""Chunked arrays: what chunks must not change, and what is lazy."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import quantize

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
chunked = pytest.importorskip("quantize.dask")

from quantize.dask import _arrays, _fit  # noqa: E402


@pytest.fixture(autouse=True, params=["threads"])
def scheduler(request):
    with dask.config.set(scheduler=request.param, num_workers=2):
        yield


def random_chunks(random, shape, but=()):
    """Chunks of random sizes."""
    chunks = []
    for axis, size in enumerate(shape):
        if axis in but or size < 2:
            chunks.append((size,))
            continue
        count = int(random.integers(0, min(size - 1, 3) + 1))
        cuts = np.sort(random.choice(np.arange(1, size), count, replace=False))
        chunks.append(tuple(np.diff([0, *cuts, size]).tolist()))
    return tuple(chunks)


def random_image(random):
    """Grey, RGB or RGBA, 8 or 16 bits, with parts that are grey or opaque."""
    kind = random.choice([np.uint8, np.uint16])
    top = np.iinfo(kind).max
    shape = tuple(random.integers(2, 28, 2).tolist())
    channels = int(random.choice([0, 1, 2, 3, 4]))
    most = top if random.random() < 0.7 else int(random.integers(1, 20))
    image = random.integers(0, most + 1, (*shape, *[channels][: channels > 0]))
    image = image.astype(kind)
    half = shape[0] // 2
    if channels in (3, 4) and random.random() < 0.5:
        image[:half, :, 1:3] = image[:half, :, :1]
    if channels in (2, 4):
        image[:half, :, -1] = top
        image[-1, 0, -1] = top // 2
        if random.random() < 0.3:
            image[-1, -1, -1] = 0
    return image


def in_order_of(palette, result):
    """The indices of a result as those of the palette it was mapped to."""
    rows = [tuple(row) for row in np.asarray(palette.rgba).tolist()]
    table = [rows.index(tuple(row)) for row in result.entries.rgba.tolist()]
    return np.array(table)[result.indices]


@pytest.mark.parametrize("seed", range(60))
def test_chunks_do_not_matter(seed):
    random = np.random.default_rng(seed)
    image = random_image(random)
    k, cprime = int(random.integers(2, 12)), int(random.integers(1, 3))
    space = str(random.choice(["srgb", "oklab", "linear", "lab"]))
    whole = quantize.fit(image, k, cprime, space=space)
    array = da.from_array(image, chunks=random_chunks(random, image.shape))
    found = chunked.fit(array, k, cprime, space=space)
    assert found.rgba.tobytes() == whole.rgba.tobytes()
    assert found.counts.tolist() == whole.counts.tolist()
    assert found.model.means.tobytes() == whole.model.means.tobytes()
    assert found.model.free_energy.tobytes() == whole.model.free_energy.tobytes()
    if not (whole.rgba[:, 3] == 255).any():
        with pytest.raises(ValueError, match="opaque"):
            chunked.map(array, whole, space=space)
        return
    indices = chunked.map(array, whole, space=space)
    assert indices.dtype == np.uint8
    expected = in_order_of(whole, quantize.map(image, whole, space=space))
    assert (indices.compute() == expected).all()
    kept = min(cprime, len(whole.model.means))
    soft = quantize._quantize._soft(whole, quantize._images.image(image), kept, 1)
    one, two = quantize._quantize._rows(soft, 0, *image.shape[:2], kept)
    components, shares = dask.compute(
        *chunked.responsibilities(array, whole, kept, format="truncated")
    )
    assert components.tobytes() == one.tobytes()
    assert shares.tobytes() == two.tobytes()


def photo(height=60, width=80, seed=0):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    base = np.stack([x * 200 / width, y * 200 / height, (x + y) * 90 / width], axis=2)
    return np.clip(base + random.normal(0, 9, base.shape), 0, 255).astype(np.uint8)


PHOTO = photo()
CHUNKED = da.from_array(PHOTO, chunks=(16, 33, 2))


def test_masks_are_those_of_a_result():
    result = quantize.quantize(PHOTO, 6, 2)
    assert (
        chunked.responsibilities(CHUNKED, result, 2).compute()
        == result.responsibilities()
    ).all()
    masks = chunked.responsibilities(CHUNKED, chunked.fit(CHUNKED, 6, 2))
    assert masks.shape == (60, 80, 6) and masks.dtype == np.float32
    assert masks.chunks[2] == (6,)
    assert np.allclose(masks.sum(axis=2).compute(), 1)


def test_a_stack_of_colours():
    stack = np.stack([PHOTO, PHOTO[::-1], 255 - PHOTO])
    palette = quantize.fit(quantize.Histogram(*stack), 9)
    for chunks in [(1, 60, 80, 3), (3, 7, 80, 1), (2, 60, 11, 3)]:
        array = da.from_array(stack, chunks=chunks)
        assert chunked.fit(array, 9).hex == palette.hex
        indices = chunked.map(array, palette)
        assert indices.shape == (3, 60, 80)
        for image, plane in zip(stack, indices.compute(), strict=True):
            expected = in_order_of(palette, quantize.map(image, palette))
            assert (plane == expected).all()
        first = da.moveaxis(array, -1, 1)
        assert chunked.fit(first, 9, channel_axis=1).hex == palette.hex
        assert (chunked.map(first, palette, channel_axis=1) == indices).all().compute()


def test_a_stack_of_grey():
    stack = PHOTO.reshape(6, 10, 240).astype(np.uint16) * 100
    array = da.from_array(stack, chunks=(2, 4, 100))
    palette = chunked.fit(array, 5, channel_axis=None)
    assert palette.hex == quantize.fit(stack.reshape(60, 240), 5).hex
    indices = chunked.map(array, palette, channel_axis=None).compute()
    expected = quantize.map(stack.reshape(60, 240), palette)
    assert (indices == in_order_of(palette, expected).reshape(stack.shape)).all()
    with pytest.raises(ValueError, match="channel_axis=None"):
        chunked.fit(array, 5)


def test_other_palettes():
    colors = ["#000000", "#ffffff", "#ff0000", "#000000"]
    indices = chunked.map(CHUNKED, colors).compute()
    assert set(np.unique(indices)) <= {0, 1, 2}
    again = chunked.map(CHUNKED, quantize.Swatches(colors)).compute()
    assert (again == indices).all()
    rgb = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0]])
    distances = ((PHOTO[:, :, None].astype(int) - rgb) ** 2).sum(axis=3)
    taken = np.take_along_axis(distances, indices[..., None].astype(int), 2)[..., 0]
    assert (taken == distances.min(axis=2)).all()
    many = [(n % 256, n // 256, 0) for n in range(400)]
    assert chunked.map(CHUNKED, many).dtype == np.uint16
    clear = np.zeros((4, 4, 4), np.uint8)
    with pytest.raises(ValueError, match="no transparent entry"):
        chunked.map(clear, ["#ffffff"]).compute()
    assert chunked.map(clear, ["#ffffff", (0, 0, 0, 0)]).compute().all()
    assert chunked.map(clear, ["#ffffff", "#ffffff00"]).compute().all()


@pytest.mark.parametrize("seed", range(8))
def test_segments_are_those_of_the_whole_image(seed):
    random = np.random.default_rng(seed)
    image = photo(20, 30, seed)
    if seed % 2:
        image = image.astype(np.uint16) * 200
    if seed % 3 == 0:
        image = image[..., 0]
    k, cprime = int(random.integers(2, 9)), int(random.integers(1, 3))
    array = da.from_array(image, chunks=random_chunks(random, image.shape))
    labels = chunked.segment(array, k, cprime, min_region=0)
    assert labels.dtype == np.uint8
    assert (labels.compute() == quantize.segment(image, k, cprime)).all()


class Loads:
    """An array that counts what is read of it."""

    def __init__(self, array):
        self.array = array
        self.shape, self.dtype, self.ndim = array.shape, array.dtype, array.ndim
        self.count = 0

    def __getitem__(self, place):
        self.count += 1
        return self.array[place]


def loaded(array, chunks):
    loads = Loads(array)
    return loads, da.from_array(loads, chunks=chunks, meta=np.empty((0,), array.dtype))


@pytest.mark.parametrize("scheduler", ["synchronous"], indirect=True)
def test_what_is_lazy(scheduler):
    loads, array = loaded(PHOTO, (20, 40, 3))
    model = quantize.Model([[0.0, 0, 0], [200, 100, 50]], 100.0)
    palette = quantize.fit(PHOTO, 4)
    lazy = [
        chunked.map(array, palette),
        chunked.map(array, model),
        chunked.responsibilities(array, palette),
        chunked.responsibilities(array, model, 1),
        *chunked.responsibilities(array, model, 1, format="truncated"),
    ]
    assert loads.count == 0
    lazy[0].blocks[0, 1].compute()
    assert loads.count == 1
    dask.compute(*lazy[4:])
    assert loads.count == 7
    loads.count = 0
    chunked.fit(array, 4)
    assert loads.count == 6
    loads.count = 0
    labels = chunked.segment(array, 4)
    assert loads.count == 6
    labels.compute()
    assert loads.count == 12
    # A sample reads twice, and each iteration once more.
    loads.count = 0
    chunked.fit(array, 4, kind="points", sample=500, iterations=1)
    assert loads.count == 18
    # Wrong arguments are found before anything is read.
    loads.count = 0
    for wrong in [dict(k=0), dict(k=4, color=1), dict(k=4, perceptual=True)]:
        for kind in ("colors", "points"):
            if kind == "colors" or "perceptual" not in wrong:
                with pytest.raises((ValueError, TypeError)):
                    chunked.fit(array, kind=kind, **wrong)
    assert loads.count == 0


def micrograph(seed=0, shape=(4, 24, 30)):
    """Five channels, channel first; three kinds of cells."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 10, (3, 5))
    kinds = random.integers(0, 3, shape)
    image = centres[kinds] + random.normal(0, 1, (*shape, 5))
    return np.moveaxis(image, -1, 0).astype(np.float32), kinds, centres


@pytest.mark.parametrize("seed", range(6))
def test_a_micrograph(seed):
    random = np.random.default_rng(seed)
    image, kinds, centres = micrograph(seed)
    rows = np.moveaxis(image, 0, -1).reshape(-1, 5)
    array = da.from_array(image, chunks=random_chunks(random, image.shape))
    model = chunked.fit(array, 3, 2, channel_axis=0)
    whole = quantize.fit_points(rows, 3, 2)
    assert model.means.tobytes() == whole.means.tobytes()
    assert model.variances.tobytes() == whole.variances.tobytes()
    labels = chunked.map(array, model, channel_axis=0)
    assert labels.shape == kinds.shape and labels.dtype == np.uint8
    assert (labels.compute().ravel() == whole.predict(rows)).all()
    components, shares = dask.compute(
        *chunked.responsibilities(
            array, model, 2, channel_axis=0, format="truncated"
        )
    )
    one, two = whole.posterior(rows, 2)
    assert components.tobytes() == one.tobytes()
    assert shares.tobytes() == two.tobytes()
    dense = chunked.responsibilities(array, model, channel_axis=0).compute()
    assert dense.shape == (*kinds.shape, 3) and np.allclose(dense.sum(axis=-1), 1)
    segmented = chunked.segment(array, 3, 2, channel_axis=0).compute()
    order = np.argsort(whole.means.sum(axis=1))
    components = whole.posterior(rows, 1)[0][:, 0]
    assert (order[segmented.ravel()] == components).all()


def test_a_sample_stands_for_all():
    image, _, centres = micrograph(1, (8, 40, 50))
    array = da.from_array(image, chunks=(5, 3, 17, 50))
    fit = dict(k=3, cprime=3, channel_axis=0, sample=2_000, seed=4)
    model = chunked.fit(array, **fit)
    again = chunked.fit(array, **fit)
    assert model.means.tobytes() == again.means.tobytes()
    other = chunked.fit(array, **{**fit, "seed": 5})
    assert other.means.tobytes() != model.means.tobytes()
    order = np.argsort(centres[:, 0])
    assert np.allclose(
        model.means[np.argsort(model.means[:, 0])], centres[order], atol=0.3
    )
    rows = np.moveaxis(image, 0, -1).reshape(-1, 5)
    best = quantize.fit_points(rows, 3, 3).evaluate(rows, 3)["free_energy"]
    assert model.evaluate(rows, 3)["free_energy"] > best - 0.01
    # Iterations over all points end at the fit of all points.
    exact = chunked.fit(array, **fit, iterations=3)
    assert exact.evaluate(rows, 3)["free_energy"] == pytest.approx(best, abs=1e-6)


def test_a_coreset_has_the_moments_of_all():
    random = np.random.default_rng(0)
    points = random.normal(3, [1, 5], (40_000, 2))
    weights = random.integers(0, 4, 40_000).astype(float)
    sizes = random_chunks(random, (40_000,))[0]
    array = da.from_array(points, chunks=(sizes, 2))
    masses = da.from_array(weights, chunks=(sizes,))
    found, shares = _fit._coreset(
        _arrays._blocks(array), _arrays._blocks(masses), 20_000, 0
    )
    assert len(found) <= 20_000 and (shares > 0).all()
    assert shares.sum() == pytest.approx(weights.sum(), rel=0.02)
    mean = weights @ points / weights.sum()
    assert np.allclose(shares @ found / shares.sum(), mean, atol=0.1)
    spread = weights @ (points - mean) ** 2 / weights.sum()
    assert np.allclose(shares @ (found - mean) ** 2 / shares.sum(), spread, rtol=0.05)


def test_an_iteration_is_that_of_em():
    random = np.random.default_rng(3)
    points = random.normal(0, 3, (500, 2)) + 100
    weights = random.random(500)
    model = quantize.Model([[98.0, 100], [101, 99], [100, 103]], [2.0, 3, 4])
    array = da.from_array(points, chunks=(77, 2))
    masses = da.from_array(weights, chunks=(77,))
    settings = dict(cprime=3, weights="learned", covariance_type="spherical")
    found = _fit._iterated(
        _arrays._blocks(array), _arrays._blocks(masses), model, settings
    )
    components, shares = model.posterior(points, 3)
    r = np.zeros((500, 3))
    np.put_along_axis(r, components.astype(int), shares.astype(float), 1)
    r *= weights[:, None]
    means = r.T @ points / r.sum(axis=0)[:, None]
    squares = ((points[:, None] - means) ** 2).sum(axis=2)
    assert np.allclose(found.means, means)
    assert np.allclose(found.variances, (r * squares).sum(0) / r.sum(0) / 2)
    assert np.allclose(found.weights, r.sum(axis=0) / weights.sum())


def test_weights():
    points = np.array([[0.0], [1], [10], [11]])
    weights = np.array([3.0, 1, 1, 3])
    array = da.from_array(points, chunks=(3, 1))
    model = chunked.fit(array, 2, weights=weights)
    assert np.sort(model.means[:, 0]).tolist() == [0.25, 10.75]
    many = da.from_array(np.tile(points, (500, 1)), chunks=(90, 1))
    often = da.from_array(np.tile(weights, 500), chunks=77)
    near = chunked.fit(many, 2, weights=often, sample=800, iterations=1)
    assert np.allclose(np.sort(near.means[:, 0]), [0.25, 10.75])
    without = chunked.fit(many, 2, weights=often * (many[:, 0] > 5), sample=800)
    assert without.means.min() >= 10
    for wrong, message in [
        (np.ones(3), "shape"),
        (np.array([1.0, 1, -1, 1]), "not negative"),
        (np.array([1.0, 1, np.nan, 1]), "finite"),
    ]:
        with pytest.raises(ValueError, match=message):
            chunked.fit(array, 2, weights=wrong)
    with pytest.raises(ValueError, match="all 0"):
        chunked.fit(many, 2, weights=often * 0, sample=100)
    with pytest.raises(ValueError, match="weights are those of points"):
        chunked.fit(CHUNKED, 2, weights=np.ones((60, 80)))


@pytest.mark.parametrize("sample", [1 << 18, 50])
def test_points_that_are_no_numbers(sample):
    image, _, _ = micrograph()
    for value in (np.nan, np.inf):
        image[2, 3, 5, 7] = value
        array = da.from_array(image, chunks=(5, 2, 24, 30))
        with pytest.raises(ValueError, match="NaN or infinity"):
            chunked.fit(array, 3, channel_axis=0, sample=sample)
        model = quantize.Model(np.eye(5))
        for lazy in (
            chunked.map(array, model, channel_axis=0),
            chunked.responsibilities(array, model, channel_axis=0),
        ):
            with pytest.raises(ValueError, match="NaN or infinity"):
                lazy.compute()
    pixels = da.full((4, 4, 3), np.nan, chunks=2)
    with pytest.raises(ValueError):
        chunked.fit(pixels, 3, kind="colors")


def test_alike_and_few_points():
    same = da.ones((300, 2), chunks=70)
    assert (chunked.fit(same, 2, sample=10, iterations=1).means == 1).all()
    few = da.from_array(np.array([[0.0, 0], [4, 4]]), chunks=1)
    whole = quantize.fit_points(few.compute(), 5)
    assert chunked.fit(few, 5).means.tolist() == whole.means.tolist()
    assert chunked.fit(np.zeros((2, 2), np.uint8), 9).hex == ["#000000"]


def test_kinds():
    assert isinstance(chunked.fit(CHUNKED, 2), quantize.Palette)
    assert isinstance(chunked.fit(CHUNKED, 2, kind="points"), quantize.Model)
    floats = CHUNKED / 255
    assert isinstance(chunked.fit(floats, 2), quantize.Model)
    palette = chunked.fit(floats.astype(np.float32), 3, kind="colors")
    assert palette.hex == quantize.fit(PHOTO / np.float32(255), 3).hex
    five = da.zeros((3, 4, 5), dtype=np.uint16)
    assert chunked.fit(five, 2).means.shape == (2, 5)
    assert chunked.fit(floats[..., 0], 2, channel_axis=None).means.shape == (2, 1)
    bits = CHUNKED[..., 0] > 100
    assert set(chunked.fit(bits, 2).hex) == {"#000000", "#ffffff"}
    line = da.concatenate([da.zeros(50), da.ones(70)])
    model = chunked.fit(line, 2, channel_axis=None)
    assert np.sort(model.means[:, 0]).tolist() == [0, 1]
    labels = chunked.map(line, model, channel_axis=None)
    assert labels.shape == (120,) and labels.dtype == np.uint8
    assert (model.means[labels.compute(), 0] == line.compute()).all()
    assert chunked.responsibilities(line, model, channel_axis=None).shape == (120, 2)
    assert chunked.fit(PHOTO.tolist(), 2, kind="points").means.shape == (2, 3)


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        (lambda: chunked.fit(da.zeros((0, 4, 3), dtype=np.uint8)), ValueError, "noth"),
        (lambda: chunked.fit(da.zeros((0, 3)), 2), ValueError, "nothing"),
        (lambda: chunked.fit(da.zeros((4, 3), dtype=complex), 2), TypeError, "real"),
        (lambda: chunked.fit(np.array([["a"]]), 2), TypeError, "real numbers"),
        (
            lambda: chunked.fit(da.zeros((4, 4, 3), dtype=np.int32), kind="colors"),
            TypeError,
            "uint8, uint16",
        ),
        (
            lambda: chunked.fit(da.zeros((4, 4, 5), dtype=np.uint8), kind="colors"),
            ValueError,
            "5 channels",
        ),
        (lambda: chunked.fit(CHUNKED, kind="pixels"), ValueError, "kind"),
        (lambda: chunked.fit(CHUNKED, channel_axis=3), ValueError, "channel_axis is 3"),
        (lambda: chunked.fit(CHUNKED, importance="auto"), ValueError, "neighbours"),
        (lambda: chunked.fit(CHUNKED, iterations=2), ValueError, "iterations"),
        (lambda: chunked.fit(CHUNKED, sed=2), TypeError, "did you mean 'seed'"),
        (lambda: chunked.fit(da.zeros((9, 2))), TypeError, "k or init"),
        (lambda: chunked.fit(da.zeros((9, 2)), 4, sample=3), ValueError, "less than k"),
        (
            lambda: chunked.fit(CHUNKED[CHUNKED[:, 0, 0] > 9], 2),
            ValueError,
            "compute_chunk_sizes",
        ),
        (lambda: chunked.map(CHUNKED, ["#0000ff"], dither="sierra"), ValueError, "on"),
        (lambda: chunked.map(CHUNKED, ["#000000"], k=3), TypeError, "'k'"),
        (lambda: chunked.map(CHUNKED, quantize.Model(np.eye(4))), ValueError, "4 dim"),
        (lambda: chunked.responsibilities(CHUNKED, ["#000000"]), TypeError, "Palette"),
        (
            lambda: chunked.responsibilities(CHUNKED, quantize.Model(np.eye(3)), 4),
            ValueError,
            "cprime",
        ),
        (lambda: chunked.segment(CHUNKED, 3, spatial=1), ValueError, "spatial"),
        (lambda: chunked.segment(CHUNKED, 3, min_region=9), ValueError, "min_region"),
        (lambda: chunked.segment(CHUNKED, 3, 4), ValueError, "cprime"),
    ],
)
def test_wrong_arguments(wrong, error, message):
    with pytest.raises(error, match=message):
        wrong()


def test_empty_arrays_and_chunks():
    empty = da.zeros((0, 7, 3), dtype=np.uint8)
    palette = quantize.fit(PHOTO, 4)
    assert chunked.map(empty, palette).compute().shape == (0, 7)
    assert chunked.responsibilities(empty, palette).compute().shape == (0, 7, 4)
    parts = da.concatenate([empty[:, :1], CHUNKED[:, :1], empty[:, :1]])
    parts = da.concatenate([da.zeros((60, 0, 3), dtype=np.uint8), parts], axis=1)
    assert chunked.fit(parts, 4).hex == quantize.fit(PHOTO[:, :1], 4).hex
    assert chunked.map(parts, palette).compute().shape == (60, 1)
    points = da.concatenate([da.zeros((0, 2)), da.ones((90, 2)), da.zeros((0, 2))])
    assert (chunked.fit(points, 1, sample=9, iterations=1).means == 1).all()


def everything():
    image, _, _ = micrograph()
    cells = da.from_array(image, chunks=(2, 2, 11, 30))
    palette = chunked.fit(CHUNKED, 8)
    model = chunked.fit(cells, 4, 2, channel_axis=0, sample=600, iterations=1)
    lazy = [
        chunked.map(CHUNKED, palette),
        chunked.responsibilities(CHUNKED, palette, 2),
        chunked.map(cells, model, channel_axis=0),
        chunked.responsibilities(cells, model, channel_axis=0),
        chunked.segment(CHUNKED, 5, 2),
    ]
    return [model.means, *(one.compute() for one in lazy)]


def test_schedulers_give_the_same_bytes():
    found = []
    for name, workers in [("synchronous", 1), ("threads", 2), ("threads", 5)]:
        with dask.config.set(scheduler=name, num_workers=workers):
            found.append([part.tobytes() for part in everything()])
    assert found[0] == found[1] == found[2]


def test_what_goes_to_other_processes():
    palette = chunked.fit(CHUNKED, 6, 2, seed=3)
    for lazy in (chunked.map(CHUNKED, palette), chunked.segment(CHUNKED, 4)):
        sent = pickle.loads(pickle.dumps(lazy))
        assert (sent.compute() == lazy.compute()).all()
    masks = chunked.responsibilities(CHUNKED, palette, 2)
    sent = pickle.loads(pickle.dumps(masks))
    assert (sent.compute() == masks.compute()).all()
    with dask.config.set(scheduler="processes"):
        assert (chunked.fit(CHUNKED, 6, 2, seed=3).rgba == palette.rgba).all()
    result = chunked.responsibilities(CHUNKED, quantize.quantize(PHOTO, 4))
    with pytest.raises(Exception, match="other processes"):
        pickle.dumps(result)


def test_names_of_lazy_arrays():
    one, two = (chunked.map(CHUNKED, ["#000000", "#ffffff"]) for _ in range(2))
    assert one.name == two.name
    assert chunked.map(CHUNKED, ["#000000", "#fffffe"]).name != one.name
    linear = chunked.map(CHUNKED, ["#000000", "#ffffff"], space="linear")
    assert linear.name != one.name


def test_the_package_does_not_import_dask():
    code = "import sys, quantize; sys.exit('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
