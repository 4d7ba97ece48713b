"""Files of images and palettes, as the command reads and writes them."""

from __future__ import annotations

import ctypes
import errno
import os
import pathlib
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

from . import _images
from ._images import Picture
from ._library import Handle, check, made, value
from ._options import choice, options, whole
from ._palette import Swatches
from ._quantize import Result

if TYPE_CHECKING:
    File = str | os.PathLike[str] | IO[bytes]

Metadata = Literal["appearance", "all", "none"]


def read(
    source: Any,
    *,
    color_space: Literal["srgb", "p3", "input"] = "srgb",
    page: int | None = None,
    max_pixels: int | None = None,
    keep_going: bool = False,
    threads: int | None = None,
) -> Picture:
    """Reads a PNG, JPEG, TIFF, WebP, GIF or BMP with the pixels that the command reads.

    Parameters
    ----------
    source : bytes, path, or file that is open for reading bytes
    color_space : {"srgb", "p3", "input"}
        What colours are converted to: sRGB, Display P3, or as the file has them.
    page : int, optional
        The page of a TIFF, from 1; by default the first, with a warning in
        `Picture.warnings` if there are more.
    max_pixels : int, default 2,000,000,000
        The greatest width times height, looked at before memory is taken.
    keep_going : bool
        Whether of a damaged file the rows before the damage are given, with a
        warning in `Picture.warnings`.
    threads : int, optional

    Returns
    -------
    Picture
        Taken wherever an image is, and by `numpy.asarray`.

    Raises
    ------
    ValueError
        If the bytes are no image, or a damaged one.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> png = quantize.write_png(np.full((2, 3, 3), 7, np.uint8))
    >>> picture = quantize.read(png)
    >>> picture.shape, picture.format
    ((2, 3, 3), 'png')
    >>> int(np.asarray(picture).max())
    7
    """
    return _images.read(
        _bytes(source),
        name=_name(source),
        color_space=color_space,
        page=0 if page is None else whole("page", page, 1, 65_535),
        max_pixels=0 if max_pixels is None else whole("max_pixels", max_pixels, 1),
        keep_going=bool(keep_going),
        threads=0 if threads is None else whole("threads", threads, 1, 1024),
    )


def _name(source: Any) -> str:
    """What messages call a file, and its ending."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    name = getattr(source, "name", "")
    return name if isinstance(name, str) else ""


def _bytes(source: Any) -> bytes:
    if isinstance(source, (str, os.PathLike)):
        return pathlib.Path(source).read_bytes()
    if hasattr(source, "read"):
        source = source.read()
    if not isinstance(source, (bytes, bytearray, memoryview)):
        kind = type(source).__name__
        raise TypeError(f"a file is bytes, a path or an open file, not of type {kind}")
    return bytes(source)


def write_png(
    image: Any,
    file: File | None = None,
    *,
    compression: int | None = None,
    optimize: bool = False,
    metadata: Metadata = "appearance",
    effort: int | None = None,
    threads: int | None = None,
) -> bytes:
    """Writes a PNG with the bytes that the command writes.

    Parameters
    ----------
    image : Result, Picture, array or Pillow image
        A `Result` of at most 256 colours is written with a palette.
    file : path, or file that is open for writing bytes, optional
    compression : int, optional
        0 (none) to 9 (most); by default what belongs to the effort.
    optimize : bool
        Whether to search for the smallest file. It takes about ten times as long.
    metadata : {"appearance", "all", "none"}
        What of a file that was read is written again: the mark of sRGB and the
        density, everything, or nothing. A profile always is.
    effort : int, optional
        That of the `Result`, or 5.
    threads : int, optional

    Returns
    -------
    bytes
        The file.

    Examples
    --------
    >>> import numpy as np, quantize
    >>> result = quantize.quantize(np.zeros((4, 4, 3), np.uint8), k=2)
    >>> quantize.write_png(result)[1:4]
    b'PNG'
    """
    encoding = made("encoding", "encoding_create")
    if compression is not None:
        level = whole("compression", compression, 0, 9)
        check("encoding_set_compression", encoding.pointer, level)
    check("encoding_set_optimize", encoding.pointer, bool(optimize))
    return _written(image, file, encoding, metadata, effort, threads)


def write_jpeg(
    image: Any,
    file: File | None = None,
    *,
    quality: int = 90,
    optimize: bool = False,
    metadata: Metadata = "appearance",
    threads: int | None = None,
) -> bytes:
    """Writes a JPEG with the bytes that the command writes.

    Parameters
    ----------
    image : Result, Picture, array or Pillow image
        Without transparency.
    file : path, or file that is open for writing bytes, optional
    quality : int, default 90
        1 to 100.
    optimize : bool
        Whether to search for the smallest file with the same pixels.
    metadata : {"appearance", "all", "none"}
        As in `write_png`.
    threads : int, optional

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    QuantizeError
        If a pixel is translucent.
    """
    encoding = made("encoding", "encoding_create")
    check("encoding_set_format", encoding.pointer, b"jpeg")
    check(
        "encoding_set_jpeg_quality",
        encoding.pointer,
        whole("quality", quality, 1, 100),
    )
    check("encoding_set_optimize", encoding.pointer, bool(optimize))
    return _written(image, file, encoding, metadata, None, threads)


def _written(
    image: Any,
    file: Any,
    encoding: Handle,
    metadata: str,
    effort: int | None,
    threads: int | None,
) -> bytes:
    choice("metadata", metadata, ("appearance", "all", "none"))
    check("encoding_set_metadata", encoding.pointer, metadata.encode())
    if isinstance(image, Result):
        kind, drawn, source = "result", image._handle, image._image
        effort = image._settings.get("effort") if effort is None else effort
        threads = image._settings.get("threads") if threads is None else threads
    else:
        source = _images.image(image)
        kind, drawn = "image", source.handle
    call = options(effort=5 if effort is None else effort, threads=threads)
    data = _taken(
        made(
            "bytes",
            f"{kind}_encode",
            drawn.pointer,
            None if source.picture is None else source.picture.pointer,
            encoding.pointer,
            call.pointer,
        )
    )
    return _saved(data, file)


def _taken(handle: Handle) -> bytes:
    size = value("bytes_size", handle.pointer)
    return ctypes.string_at(value("bytes_start", handle.pointer), size)


def _saved(data: bytes, file: Any) -> bytes:
    """Writes bytes where they are wanted; a path never has half of them."""
    if file is None:
        return data
    if not isinstance(file, (str, os.PathLike)):
        file.write(data)
        return data
    path = pathlib.Path(file)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return data


def read_palette(source: Any, name: str | None = None) -> Swatches:
    """Reads a palette file: GIMP, ACT, ASE, JASC and RIFF, hex, Paint.NET, CSS,
    SCSS, JSON, or the colours of an image.

    Parameters
    ----------
    source : bytes, path, or file that is open for reading bytes
    name : str, optional
        A file name whose ending tells what the content cannot; that of a path.

    Returns
    -------
    Swatches

    Raises
    ------
    ValueError
        If the file is none of these, or is damaged.

    Examples
    --------
    >>> import quantize
    >>> quantize.read_palette(b"ff8000\\n000000\\n").hex
    ['#ff8000', '#000000']
    """
    name = _name(source) if name is None else name
    data = _bytes(source)
    with _images.named(name):
        handle = made("swatches", "swatches_read", data, len(data), name.encode())
    rgba = np.empty((value("swatches_count", handle.pointer), 4), np.uint8)
    check("swatches_get", handle.pointer, rgba.ctypes.data)
    names = [value("swatches_name", handle.pointer, n) for n in range(len(rgba))]
    return Swatches(
        rgba.tolist(), [None if one is None else one.decode() for one in names]
    )


def write_palette(
    palette: Any,
    file: File | None = None,
    format: str | None = None,  # noqa: A002
    *,
    title: str = "quantize",
) -> bytes:
    """Writes a palette file.

    Parameters
    ----------
    palette : Palette, Swatches, Result, or list of colours
        Where the format has no alpha, translucent colours become opaque and
        fully transparent ones are left out.
    file : path, or file that is open for writing bytes, optional
    format : {"gpl", "act", "ase", "pal", "hex", "txt", "css", "scss", "json", \
"png"}, optional
        By default the ending of a path.
    title : str, default "quantize"
        The palette's name, for formats that have one.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    QuantizeError
        If the format has no room for the colours.

    Examples
    --------
    >>> import quantize
    >>> quantize.write_palette(["#ff8000", "#000000"], format="hex")
    b'ff8000\\n000000\\n'
    """
    if format is None:
        if not isinstance(file, (str, os.PathLike)):
            raise ValueError("name a format, such as format='gpl'")
        format = pathlib.Path(file).suffix  # noqa: A001
    if isinstance(palette, Result):
        palette = palette.entries
    if not isinstance(palette, Swatches):
        palette = Swatches(palette)
    names = (ctypes.c_char_p * len(palette))(
        *(None if name is None else name.encode() for name in palette.names)
    )
    swatches = made(
        "swatches", "swatches_create", palette.rgba.ctypes.data, len(palette), names
    )
    handle = made(
        "bytes",
        "swatches_write",
        swatches.pointer,
        format.encode(),
        title.encode(),
    )
    return _saved(_taken(handle), file)
