"""What executors do with each image: read, reduce, write, measure."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .. import (
    Palette,
    QuantizeError,
    Result,
    fit,
    map,
    metrics,
    quantize,
    read,
    write_png,
)
from ._session import check_version
from ._storage import Storage
from ._summary import one_line

#: One row for each image.
SCHEMA = (
    "path string, output string, status string, error string, width long, "
    "height long, colors long, k long, cprime long, mse double, psnr double, "
    "ssim double, delta_e2000 double, delta_e2000_p95 double, oklab_mse double, "
    "free_energy double, iterations long, converged boolean, seconds double, "
    "input_bytes long, output_bytes long"
)

_TYPES = {
    "string": pa.string(),
    "long": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}

_ARROW = pa.schema(
    [(name, _TYPES[kind]) for name, kind in (one.split() for one in SCHEMA.split(","))]
)

#: Larger images have no figures that need them as colours: these take several
#: times the memory of the reduction.
_MOST_MEASURED = 1 << 25

#: So many rows are sent together.
_ROWS = 64


@dataclass(frozen=True)
class Reduction:
    """How images are reduced."""

    settings: dict[str, Any]

    #: The entries of a fitted palette, in its order.
    entries: list[tuple[int, int, int, int]] | None
    optimize: bool
    figures: bool
    max_pixels: int

    #: The folder of files that are not complete.
    parts: str

    #: The version of the driver's package.
    version: str

    #: The number of colours asked for.
    k: int | None = None
    cprime: int = 1
    threads: int = 1
    metadata: dict[str, Any] = field(default_factory=dict)


def reduce(
    batches: Iterator[pa.RecordBatch], how: Reduction
) -> Iterator[pa.RecordBatch]:
    """Reduces the images of a partition: path and output."""
    check_version(how.version)
    storage = Storage()
    palette = None if how.entries is None else fitted(how.entries)
    rows = []
    for batch in batches:
        for row in batch.to_pylist():
            rows.append(_reduced(row["path"], row["output"], how, palette, storage))
            if len(rows) == _ROWS:
                yield pa.RecordBatch.from_pylist(rows, schema=_ARROW)
                rows = []
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=_ARROW)


def _reduced(
    path: str, output: str, how: Reduction, palette: Palette | None, storage: Storage
) -> dict[str, Any]:
    start = time.monotonic()
    row: dict[str, Any] = {"path": path, "output": output, "status": "failed"}
    try:
        data = storage.read(path)
        row["input_bytes"] = len(data)
        picture = read(data, max_pixels=how.max_pixels, threads=how.threads)
        del data
        row["height"], row["width"] = picture.shape[:2]
        if palette is None:
            result = quantize(picture, **how.settings)
        else:
            result = map(picture, palette, **how.settings)
        written = write_png(result, optimize=how.optimize, **how.metadata)
        storage.write(output, written, how.parts)
        row |= {
            "status": "written",
            "k": how.k,
            "cprime": how.cprime,
            "output_bytes": len(written),
        }
        row |= _figures(result, picture, how)
    except (ValueError, ArithmeticError, MemoryError, OSError, QuantizeError) as error:
        row["error"] = one_line(error)
    row["seconds"] = time.monotonic() - start
    return row


def _figures(result: Result, picture: Any, how: Reduction) -> dict[str, Any]:
    """The figures of a result, as the command reports them."""
    model = result.model
    energies = model.free_energy
    error = result.error
    found: dict[str, Any] = {
        "colors": len(result.entries),
        "mse": error,
        "psnr": 10 * math.log10(3 * 255**2 / error) if error else None,
        "free_energy": float(energies[-1]) if len(energies) else None,
        "iterations": len(energies),
        "converged": model.converged,
    }
    height, width = result.indices.shape
    if how.figures and height * width <= _MOST_MEASURED:
        measured = metrics(result.pixels, picture, threads=how.threads)
        for name in ("ssim", "delta_e2000", "delta_e2000_p95", "oklab_mse"):
            number = measured[name]
            found[name] = number if math.isfinite(number) else None
    return found


def fitted(entries: list[tuple[int, int, int, int]]) -> Palette:
    """A fitted palette of given entries, in their order.

    A fit of as many colours as an image has gives its colours, with the most
    frequent first. A fitted palette maps as `quantize batch --shared-palette`
    does: opaque pixels may take its translucent colours.
    """
    colors = np.array(entries, dtype=np.uint8)
    counts = np.arange(len(colors), 0, -1)
    palette = fit(np.repeat(colors, counts, axis=0)[np.newaxis], len(colors), 1)
    if not np.array_equal(palette.rgba, colors):
        raise ValueError("the palette cannot be sent: its entries are not a fit's")
    return palette
