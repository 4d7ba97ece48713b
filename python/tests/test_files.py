"""Files of images and palettes."""

import io
import json
import os
import pathlib

import numpy as np
import pytest

import quantize

RAMP = np.stack(
    np.broadcast_arrays(
        np.arange(48, dtype=np.uint8)[None, :] * 5,
        np.arange(30, dtype=np.uint8)[:, None] * 8,
        np.uint8(90),
    ),
    axis=2,
)


@pytest.mark.skipif("QUANTIZE_REFERENCE" not in os.environ,
                    reason="QUANTIZE_REFERENCE names no files of the command")
def test_files_have_the_bytes_of_the_command():
    folder = pathlib.Path(os.environ["QUANTIZE_REFERENCE"])
    cases = json.loads((folder / "cases.json").read_text())
    assert cases
    for case in cases:
        picture = quantize.read(folder / case["input"])
        result = quantize.quantize(picture, **case["settings"])
        expected = (folder / case["output"]).read_bytes()
        assert quantize.write_png(result) == expected, case


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_png_keeps_its_pixels(dtype, channels, tmp_path):
    image = np.random.default_rng(1).integers(
        0, np.iinfo(dtype).max, (17, 23, channels), dtype=dtype, endpoint=True
    )
    path = tmp_path / "a.png"
    data = quantize.write_png(image, path)
    assert path.read_bytes() == data
    assert os.listdir(tmp_path) == ["a.png"]
    for source in (data, path, str(path), io.BytesIO(data), memoryview(data)):
        picture = quantize.read(source)
        assert (picture.shape, picture.dtype) == (image.shape, image.dtype)
        assert (np.asarray(picture) == image).all()
    assert (picture.format, picture.color_space) == ("png", "srgb")
    assert (picture.omitted_frames, picture.warnings) == (0, [])
    with pytest.raises(ValueError, match="copied"):
        np.array(picture, copy=False)


def test_pixels_are_those_that_pillow_reads(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    pillow.fromarray(RAMP).save(tmp_path / "a.jpg", quality=85)
    with pillow.open(tmp_path / "a.jpg") as picture:
        expected = np.asarray(picture)
    assert (quantize.read(tmp_path / "a.jpg").pixels == expected).all()
    # What the library does not read, Pillow does.
    pillow.fromarray(RAMP).save(tmp_path / "a.bmp")
    result = quantize.quantize(tmp_path / "a.bmp", k=4096)
    assert (result.pixels == RAMP).all()


def test_a_result_is_written_with_its_palette():
    pillow = pytest.importorskip("PIL.Image")
    result = quantize.quantize(RAMP, k=9, cprime=1)
    data = quantize.write_png(result)
    with pillow.open(io.BytesIO(data)) as picture:
        assert picture.mode == "P"
        assert (np.asarray(picture) == result.indices).all()
    small = quantize.write_png(result, optimize=True)
    assert len(small) <= len(data)
    assert (quantize.read(small).pixels == result.pixels).all()
    assert len(quantize.write_png(result, compression=0)) > len(data)
    file = io.BytesIO()
    quantize.write_png(result, file)
    assert file.getvalue() == data


def test_jpegs_are_written():
    picture = quantize.read(quantize.write_jpeg(RAMP, quality=95))
    assert picture.format == "jpeg"
    assert quantize.metrics(picture, RAMP)["psnr"] > 35
    clear = np.zeros((4, 4, 4), np.uint8)
    with pytest.raises(quantize.QuantizeError, match="alpha|transparen"):
        quantize.write_jpeg(clear)


def test_density_and_profiles_are_kept(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    pillow.fromarray(RAMP).save(tmp_path / "a.png", dpi=(300, 300))
    result = quantize.quantize(tmp_path / "a.png", k=4)
    with pillow.open(io.BytesIO(quantize.write_png(result))) as picture:
        assert round(picture.info["dpi"][0]) == 300
    data = quantize.write_png(result, metadata="none")
    with pillow.open(io.BytesIO(data)) as picture:
        assert "dpi" not in picture.info
    with pytest.raises(ValueError, match="appearance"):
        quantize.write_png(result, metadata="some")


def test_bad_files_are_refused(tmp_path):
    data = quantize.write_png(RAMP)
    for wrong in (b"", b"hello", data[:40], data[: len(data) // 2]):
        with pytest.raises(ValueError):
            quantize.read(wrong)
    with pytest.raises(FileNotFoundError):
        quantize.read(tmp_path / "none.png")
    with pytest.raises(TypeError, match="bytes"):
        quantize.read(3)
    with pytest.raises(ValueError, match="srgb"):
        quantize.read(data, color_space="cmyk")
    with pytest.raises(ValueError, match="pixels"):
        quantize.read(data, max_pixels=100)
    with pytest.raises(FileNotFoundError):
        quantize.write_png(RAMP, tmp_path / "no" / "a.png")
    noise = np.random.default_rng(2).integers(0, 256, (90, 80, 3), dtype=np.uint8)
    rows = quantize.read(quantize.write_png(noise)[:-4000], keep_going=True)
    assert (rows.pixels[:50] == noise[:50]).all()
    assert len(rows.warnings) == 1


@pytest.mark.parametrize(
    "ending", ["gpl", "act", "ase", "pal", "hex", "txt", "css", "scss", "json", "png"]
)
def test_palettes_come_back(ending, tmp_path):
    swatches = quantize.Swatches(["#010203", (250, 128, 0)], ["Ink", None])
    path = tmp_path / f"a.{ending}"
    data = quantize.write_palette(swatches, path)
    again = quantize.read_palette(path)
    assert list(again) == list(swatches)
    assert again.names[0] in ("Ink", None)
    assert quantize.read_palette(data, f"a.{ending}").hex == swatches.hex
    assert data == quantize.write_palette(swatches, format=ending)


def test_palettes_are_used():
    swatches = quantize.read_palette(b"000000\nffffff\n00ff00\n")
    result = quantize.map(RAMP, swatches)
    assert set(result.entries.hex) <= set(swatches.hex)
    palette = quantize.fit(RAMP, k=5)
    assert quantize.read_palette(
        quantize.write_palette(palette, format="gpl")
    ).hex == palette.hex
    with pytest.raises(ValueError, match="format"):
        quantize.write_palette(palette)
    with pytest.raises(ValueError, match=r"\.gpl"):
        quantize.write_palette(palette, format="doc")
    with pytest.raises(ValueError, match="palette"):
        quantize.read_palette(b"nothing")
    with pytest.raises(ValueError, match="names"):
        quantize.Swatches(["#000000"], ["a", "b"])


def test_messages_name_the_file(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("no picture")
    for read in (quantize.read, quantize.read_palette, quantize.quantize):
        with pytest.raises(ValueError, match="notes.md: this is"):
            read(path)
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        quantize.write_png(RAMP, tmp_path / "none" / "a.png")
    assert os.listdir(tmp_path) == ["notes.md"]
