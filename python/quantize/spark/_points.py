"""What executors do for fits of tables: points in blocks, samples, E-steps.

The rows of a partition become blocks: arrays of points as bytes, which Spark keeps
in memory or on disk. An iteration is one pass over the blocks, in which executors give
back statistics, and nothing else. Their processes keep blocks (`_blocks`), so most
passes send the names of blocks only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .._coreset import Coreset, Spread
from .._model import Points
from . import _blocks

BLOCK_SCHEMA = (
    "id string, part int, number int, count long, dimension int, points binary, "
    "weights binary, weight double, mean array<double>, scatter double, problem string"
)
SAMPLE_SCHEMA = "part int, number int, points binary, weights binary"
STATISTICS_SCHEMA = (
    "id string, part int, number int, statistics binary, likelihood double, "
    "place string"
)

#: What a block is known by.
BLOCK_NAMES = ("id", "part", "number")

# Points of a block are at most so many bytes.
_BLOCK_BYTES = 64 << 20


@dataclasses.dataclass(frozen=True)
class Block:
    """What the driver knows of a block."""

    part: int
    number: int
    count: int
    spread: Spread


def _rows(batch: pa.RecordBatch, dimension: int | None) -> tuple[Any, Any, str | None]:
    """Points and weights of a batch, or what is wrong with them."""
    column = batch.column("features")
    if column.null_count:
        return None, None, "a row has no features"
    lengths = np.diff(column.offsets.to_numpy())
    values = column.flatten()
    if values.null_count:
        return None, None, "a feature of a row is null"
    if len(lengths) and (lengths != lengths[0]).any():
        return None, None, (
            f"rows have different numbers of features, such as {lengths.min()} and "
            f"{lengths.max()}"
        )
    width = int(lengths[0]) if len(lengths) else dimension
    if dimension is not None and width != dimension:
        return None, None, (
            f"rows have different numbers of features, such as {dimension} and {width}"
        )
    if width == 0:
        return None, None, "a row has no features"
    points = values.to_numpy(zero_copy_only=False).reshape(-1, width or 1)
    if not np.isfinite(points).all():
        return None, None, "a feature of a row is NaN or infinite"
    weights = None
    if "weight" in batch.schema.names:
        column = batch.column("weight")
        weights = column.to_numpy(zero_copy_only=False).astype(np.float64)
        if column.null_count or not np.isfinite(weights).all() or (weights < 0).any():
            return None, None, "a weight is null, negative, NaN or infinite"
        kept = weights > 0
        if not kept.all():
            points, weights = points[kept], weights[kept]
    return points, weights, None


def blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Puts rows together in blocks; a row of the result is one.

    Rows say of which partition they are: a task that makes a lost block again can be
    one over several of them.
    """
    part = -1
    number = 0
    waiting: list[tuple[Any, Any]] = []
    size = 0
    dimension: int | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        part = batch.column("part")[0].as_py()
        points, weights, problem = _rows(batch, dimension)
        if problem is not None:
            yield _record({"id": "", "part": part, "problem": problem}, BLOCK_SCHEMA)
            return
        dimension = points.shape[1]
        if len(points):
            waiting.append((points, weights))
            size += points.nbytes
        if size >= _BLOCK_BYTES:
            yield _block(waiting, part, number)
            number, waiting, size = number + 1, [], 0
    if waiting:
        yield _block(waiting, part, number)


def _block(waiting: list[tuple[Any, Any]], part: int, number: int) -> pa.RecordBatch:
    points = np.ascontiguousarray(np.concatenate([one for one, _ in waiting]))
    weights = None
    if waiting[0][1] is not None:
        weights = np.concatenate([one for _, one in waiting])
    spread = Spread.of(points, np.ones(len(points)) if weights is None else weights)
    return _record(
        {
            # The same when the block is made again, after its executor is gone.
            "id": f"{part}.{number}",
            "part": part,
            "number": number,
            "count": len(points),
            "dimension": points.shape[1],
            "points": points.tobytes(),
            "weights": None if weights is None else weights.tobytes(),
            "weight": spread.weight,
            "mean": spread.mean.tolist(),
            "scatter": spread.scatter,
        },
        BLOCK_SCHEMA,
    )


_ARROW_TYPES = {
    "string": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "double": pa.float64(),
    "binary": pa.binary(),
    "array<double>": pa.list_(pa.float64()),
}


def _record(row: dict[str, Any], schema: str) -> pa.RecordBatch:
    fields = [field.split(" ", 1) for field in schema.split(", ")]
    return pa.RecordBatch.from_pydict(
        {
            name: pa.array([row.get(name)], _ARROW_TYPES[kind])
            for name, kind in fields
        }
    )


def _given(batch: pa.RecordBatch, n: int) -> tuple[NDArray[Any], Any]:
    """The points and weights of a block."""
    dimension = batch.column("dimension")[n].as_py()
    count = batch.column("count")[n].as_py()
    data = batch.column("points")[n].as_buffer()
    kind = np.float32 if data.size == 4 * count * dimension else np.float64
    points = np.frombuffer(data, kind).reshape(count, dimension)
    weights = batch.column("weights")[n]
    if not weights.is_valid:
        return points, None
    return points, np.frombuffer(weights.as_buffer(), np.float64)


def statistics(
    batches: Iterable[pa.RecordBatch],
    keeping: _blocks.Keeping,
    run: _blocks.Pass,
    places: dict[str, str],
) -> Iterator[pa.RecordBatch]:
    """The E-step over blocks.

    Rows without points are of blocks that some process keeps, at one of `places`. Of
    those that are nowhere there are no statistics.
    """
    for batch in batches:
        ids = batch.column("id").to_pylist()
        if "points" in batch.schema.names:
            for n in range(batch.num_rows):
                points = Points(*_given(batch, n))
                place = _blocks.KEEPER.keep(keeping, ids[n], points)
                yield _answer(batch, n, run.over([points])[0], place)
            continue
        found = _blocks.statistics_of(
            keeping, run, ids, [places.get(name) for name in ids]
        )
        for n, one in enumerate(found):
            yield _answer(batch, n, one, places.get(ids[n]))


def _answer(
    batch: pa.RecordBatch, n: int, found: tuple[bytes, float | None] | None,
    place: str | None,
) -> pa.RecordBatch:
    row = {name: batch.column(name)[n].as_py() for name in BLOCK_NAMES}
    if found is not None:
        row["statistics"], row["likelihood"] = found
        row["place"] = place
    return _record(row, STATISTICS_SCHEMA)


def freed(
    batches: Iterable[pa.RecordBatch], keeping: _blocks.Keeping, places: list[str]
) -> Iterator[pa.RecordBatch]:
    """Has processes of this machine forget the blocks of a fit; gives back nothing."""
    for _ in batches:
        pass
    _blocks.free(keeping, places)
    yield from ()


def samples(
    batches: Iterable[pa.RecordBatch],
    places: dict[tuple[int, int], int],
    coreset: Coreset | None,
) -> Iterator[pa.RecordBatch]:
    """Draws the points of a coreset; all points where there is none."""
    for batch in batches:
        for n in range(batch.num_rows):
            part, number = (batch.column(name)[n].as_py() for name in BLOCK_NAMES[1:])
            place = places[part, number]
            if coreset is not None and not coreset.counts[place]:
                continue
            points, weights = _given(batch, n)
            points = points.astype(np.float64)
            if weights is None:
                weights = np.ones(len(points))
            if coreset is not None:
                points, weights = coreset.draw(place, points, weights)
            row = {
                "part": part,
                "number": number,
                "points": points.tobytes(),
                "weights": weights.tobytes(),
            }
            yield _record(row, SAMPLE_SCHEMA)
