"""Spark: `local[2]`, one session for all tests. scripts/check-cluster has the
tests of separate processes."""

import dataclasses
import json
import os
import pathlib
import shutil

import numpy as np
import pytest

import quantize

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Java is not installed", allow_module_level=True)

from quantize.spark import Report, _session, _summary, corpus_palette, quantize_images  # noqa: E402
from quantize.spark._storage import Storage, _move  # noqa: E402

HOW = _summary.Counting(
    by_image=False, max_colors=None, max_pixels=1 << 20, threads=1,
    version=quantize.__version__,
)

has_add_colors = pytest.mark.skipif(
    not hasattr(quantize.Histogram, "add_colors"),
    reason="this library has no Histogram.add_colors",
)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Images of several kinds in folders, and two that are damaged."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(0)
    for n in range(8):
        image = random.integers(0, 256, (20 + n, 30, 3 + n % 2), np.uint8)
        image[: 8 + n] = 10 * n
        place = folder / ("a b" if n % 2 else "c%20d/e")
        place.mkdir(parents=True, exist_ok=True)
        quantize.write_png(image, place / f"{n}.PNG")
    ramp = np.tile(np.arange(60, dtype=np.uint8), (40, 1))
    quantize.write_jpeg(ramp, folder / "ramp.jpeg")
    data = (folder / "ramp.jpeg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])
    (folder / "other.png").write_bytes(b"8BPS")
    (folder / "notes.txt").write_text("none")
    return folder


def read_all(folder):
    """The images of a folder that can be read, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".png", ".jpeg", ".jpg"):
            try:
                found[path.relative_to(folder)] = quantize.read(path)
            except ValueError:
                continue
    return found


def test_the_palette_is_that_of_one_process(spark, photos):
    images = read_all(photos)
    assert len(images) == 9
    wanted = quantize.fit(quantize.Histogram(*images.values()), 12, 2)
    for partitions in (1, 20):
        palette, report = corpus_palette(
            spark, photos, 12, 2, partitions=partitions
        )
        assert (palette.rgba == wanted.rgba).all()
        assert (palette.counts == wanted.counts).all()
        assert (palette.model.means == wanted.model.means).all()
        assert (report.images, report.failed) == (9, 2)
        assert report.pixels == sum(
            picture.shape[0] * picture.shape[1] for picture in images.values()
        )
    assert report.partitions > 3
    names = [pathlib.Path(path).name for path, _ in report.failures]
    assert names == ["cut.jpg", "other.png"]
    assert all(error and "\n" not in error for _, error in report.failures)
    assert json.loads(json.dumps(report.to_dict()))["failures"][1]["error"]
    assert report.level == 0 and report.max_shift == 0
    assert dataclasses.is_dataclass(Report)


def test_a_sample_does_not_depend_on_partitions(spark, photos):
    found = [
        corpus_palette(spark, photos, 4, fraction=0.5, seed=3, partitions=n)
        for n in (1, 4)
    ]
    (first, one), (second, other) = found
    assert 0 < one.images + one.failed < 11
    assert first.hex == second.hex
    assert (one.images, one.pixels) == (other.images, other.pixels)


def test_named_files_and_folders_that_are_not_entered(spark, photos):
    _, report = corpus_palette(spark, [photos / "ramp.jpeg"], 4)
    assert (report.images, report.failed) == (1, 0)
    _, report = corpus_palette(spark, photos, 4, recursive=False)
    assert (report.images, report.failed) == (1, 2)
    _, report = corpus_palette(spark, f"{photos}/*b", 4)
    assert report.images == 4


@has_add_colors
def test_each_image_counts_the_same(spark, tmp_path):
    quantize.write_png(np.zeros((4, 4, 3), np.uint8), tmp_path / "small.png")
    large = np.full((400, 400, 3), 200, np.uint8)
    large[0, 0] = 201
    quantize.write_png(large, tmp_path / "large.png")
    found = [
        corpus_palette(spark, tmp_path, 1, 1, weights=weights, partitions=n)[0]
        for weights, n in (("pixels", 1), ("images", 1), ("images", 2))
    ]
    assert [palette.hex for palette in found] == [["#c8c8c8"], ["#646464"], ["#646464"]]
    assert (found[1].model.means == found[2].model.means).all()


@has_add_colors
def test_fewer_colours_are_the_same_in_any_order(spark, photos):
    images = list(read_all(photos).values())
    for cap in (64, 300, 2_000):
        how = dataclasses.replace(HOW, max_colors=cap)
        whole = quantize.Histogram(*images)
        sums = []
        for order in (images, images[::-1], images[3:] + images[:3]):
            parts = []
            for start in (0, 2, 7):
                end = {0: 2, 2: 7, 7: 9}[start]
                part = _summary.Summary(how)
                for image in order[start:end]:
                    part.add(image)
                part.fit_cap()
                assert len(part.histogram) <= cap
                parts.append(part)
            total = _summary.Summary(how)
            for part in parts[::-1]:
                total.merge(part.histogram, part.images, part.pixels, part.level)
            sums.append(total)
        level = sums[0].level
        assert {one.level for one in sums} == {level}
        assert all(one.histogram == sums[0].histogram for one in sums)
        assert sums[0].histogram.pixels == whole.pixels
        # It is the smallest level that fits.
        if level > 1:
            above = np.unique(_summary.coarse_colors(whole.colors, level - 1), axis=0)
            assert len(above) > cap
        one, report = corpus_palette(spark, photos, 5, max_colors=cap, partitions=1)
        other, _ = corpus_palette(spark, photos, 5, max_colors=cap, partitions=6)
        assert report.level == level and report.colors <= cap
        assert (one.model.means == other.model.means).all()


def test_cells_are_nested_and_the_bound_holds():
    random = np.random.default_rng(1)
    colors = random.integers(0, 65_536, (5_000, 4)).astype(np.uint16)
    colors[:1_000, 3] = 65_535
    colors[1_000:1_200] = 0
    for a in range(1, 9):
        once = _summary.coarse_colors(colors, a)
        shift = np.abs(once.astype(int) - colors.astype(int)).max() / 257
        assert shift <= _summary.bound(a)
        assert ((colors[:, 3] == 65_535) == (once[:, 3] == 65_535)).all()
        assert ((colors[:, 3] == 0) == (once[:, 3] == 0)).all()
        for b in range(a, 9):
            twice = _summary.coarse_colors(once, b)
            assert (twice == _summary.coarse_colors(colors, b)).all()


def test_images_have_the_bytes_of_one_process(spark, photos, tmp_path):
    target, report = tmp_path / "out", tmp_path / "report"
    rows = quantize_images(
        spark, photos, target, 8, 2, report=report, partitions=2
    ).collect()
    assert len(rows) == 11
    by_status = {row.path.rpartition("/")[2]: row.status for row in rows}
    assert by_status["cut.jpg"] == by_status["other.png"] == "failed"
    for name, picture in read_all(photos).items():
        result = quantize.quantize(picture, 8, 2)
        written = target / name.with_suffix(".png")
        assert written.read_bytes() == quantize.write_png(result)
        row = next(row for row in rows if row.path.endswith(str(name)))
        assert row.status == "written" and row.error is None
        assert row.mse == result.error
        assert row.output == f"file:{written}"
        assert row.output_bytes == written.stat().st_size
        figures = quantize.metrics(result.pixels, picture)
        assert row.delta_e2000 == figures["delta_e2000"]
        assert (row.k, row.cprime, row.converged) == (8, 2, result.model.converged)
        assert (row.height, row.width) == picture.shape[:2]
    assert not list(target.glob(".*"))

    # Again: nothing is done but what is missing.
    gone = target / "ramp.png"
    gone.unlink()
    times = {path: path.stat().st_mtime_ns for path in target.rglob("*.png")}
    rows = quantize_images(
        spark, photos, target, 8, 2, report=report, partitions=2
    ).collect()
    statuses = sorted(row.status for row in rows)
    assert statuses == ["failed"] * 2 + ["kept"] * 8 + ["written"]
    assert gone.exists()
    assert times == {path: path.stat().st_mtime_ns for path in times}
    rows = quantize_images(
        spark, photos, target, 8, 2, overwrite=True, partitions=2
    ).collect()
    assert sum(row.status == "written" for row in rows) == 9
    assert all(path.stat().st_mtime_ns > times[path] for path in times)


def test_images_take_a_palette(spark, photos, tmp_path):
    palette, _ = corpus_palette(spark, photos, 10, 2)
    quantize_images(spark, photos, tmp_path / "fitted", palette=palette)
    given = quantize.Swatches(["#000000", "#808080", "#ffffff"])
    rows = quantize_images(spark, photos, tmp_path / "given", palette=given)
    assert {row.k for row in rows.collect() if row.k} == {3}
    for name, picture in read_all(photos).items():
        png = name.with_suffix(".png")
        mapped = quantize.map(picture, palette, keep_palette=True)
        assert (tmp_path / "fitted" / png).read_bytes() == quantize.write_png(mapped)
        mapped = quantize.map(picture, given)
        assert (tmp_path / "given" / png).read_bytes() == quantize.write_png(mapped)


def test_outputs_that_are_not_to_be(spark, tmp_path):
    folder = tmp_path / "in"
    (folder / "a").mkdir(parents=True)
    for name in ("a.jpg", "a.png", "a/x.png", "b.tar.png", "noend.png"):
        image = np.full((3, 3, 3), len(name), np.uint8)
        write = quantize.write_jpeg if name.endswith("jpg") else quantize.write_png
        write(image, folder / name)
    rows = quantize_images(spark, folder, folder / "out", 2).collect()
    found = {row.path.removeprefix(f"file:{folder}/"): row for row in rows}
    assert found["a.jpg"].status == "written"
    assert found["a.png"].status == "failed"
    assert "its output would be that of" in found["a.png"].error
    assert (folder / "out" / "b.tar.png").exists()
    # The outputs inside are no inputs.
    assert quantize_images(spark, folder, folder / "out", 2).count() == 5
    with pytest.raises(ValueError, match="is the output folder"):
        quantize_images(spark, folder, folder, 2)
    rows = quantize_images(spark, folder / "a", folder, 2).collect()
    assert [row.status for row in rows] == ["written"]
    rows = quantize_images(
        spark, [folder / "a", folder / "x.png"], folder, 2
    ).collect()
    assert {row.error.split(";")[0] for row in rows} == {"its output is an input"}


def test_wrong_arguments_are_refused_at_once(spark, photos, tmp_path):
    def refused(error, match, call, *arguments, **named):
        with pytest.raises(error, match=match) as caught:
            call(spark, *arguments, **named)
        assert "\n" not in str(caught.value)

    out = tmp_path / "out"
    (tmp_path / "nothing").mkdir()
    for call, more in ((corpus_palette, ()), (quantize_images, (out,))):
        refused(FileNotFoundError, "no such file", call, tmp_path / "none", *more)
        refused(ValueError, "no images", call, tmp_path / "nothing", *more)
        refused(ValueError, "paths is empty", call, [], *more)
        refused(ValueError, "cannot be reached", call, "s4://bucket/x", *more)
        refused(ValueError, "k must be 1", call, photos, *more, k=0)
        refused(TypeError, "no option 'colour'", call, photos, *more, colour=1)
        refused(TypeError, "a path is a string", call, [3], *more)
        refused(ValueError, "is inside", call, [photos, photos / "a b"], *more)
    refused(ValueError, "fraction", corpus_palette, photos, fraction=0)
    refused(ValueError, "weights must be", corpus_palette, photos, weights="all")
    refused(ValueError, "max_colors", corpus_palette, photos, max_colors=3)
    refused(ValueError, "importance", corpus_palette, photos, perceptual=True)
    refused(
        quantize.QuantizeError, "no image can be read", corpus_palette,
        photos / "other.png",
    )
    refused(ValueError, "cannot be reached", quantize_images, photos, "s4://x/y")
    with pytest.raises(TypeError, match="Spark Connect"):
        corpus_palette(object(), photos)


@pytest.mark.parametrize(
    ("page", "match"),
    [
        ("ModuleNotFoundError: No module named 'quantize'", "no quantize; docs/"),
        ("ImportError: quantize.spark needs pyarrow: pip", "no pyarrow; docs/"),
        ("OSError: libquantize.so: version `GLIBC_2.34' not found", "cannot load"),
        (
            "RuntimeError: the executors have quantize 0.1, the driver 0.2",
            "have quantize 0.1, the driver 0.2; results",
        ),
    ],
)
def test_what_executors_lack_is_said_in_a_sentence(page, match):
    from pyspark.errors import PySparkException

    with pytest.raises(RuntimeError, match=match) as caught:
        with _session.explained():
            raise PySparkException(f"a page\n{page}\nmore")
    assert "\n" not in str(caught.value)


def test_a_bomb_is_a_failure(spark, photos, tmp_path):
    rows = quantize_images(
        spark, photos / "ramp.jpeg", tmp_path / "out", max_pixels=100
    ).collect()
    assert [row.status for row in rows] == ["failed"]
    assert "pixels" in rows[0].error


def test_other_file_systems(tmp_path, monkeypatch):
    fs = pytest.importorskip("pyarrow.fs")
    storage = Storage()
    below = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    monkeypatch.setitem(storage._systems, "test://host", (below, ""))
    storage.write("test://host/a/b.png", b"12", "test://host/.parts")
    storage.write("test://host/a/b.png", b"34", "test://host/.parts")
    assert storage.read("test://host/a/b.png") == b"34"
    assert (tmp_path / "a/b.png").read_bytes() == b"34"
    assert not list((tmp_path / ".parts").iterdir())

    class Strict:
        """As HDFS: nothing is replaced."""

        def move(self, part, path):
            if (tmp_path / path).exists():
                raise OSError("it exists")
            below.move(part, path)

        def delete_file(self, path):
            below.delete_file(path)

    (tmp_path / "part").write_bytes(b"56")
    _move(Strict(), "part", "a/b.png")
    assert (tmp_path / "a/b.png").read_bytes() == b"56"
