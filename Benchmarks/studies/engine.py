"""The command `quantize fit`, as the studies use it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy

TOOL = os.environ.get("QUANTIZE_COMMAND", "quantize")


class Table:
    """Points in a file, to be fitted again and again."""

    def __init__(self, points: numpy.ndarray) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.points = points
        self.path = Path(self._folder.name, "points.npy")
        numpy.save(self.path, points)

    def file(self, name: str, values: numpy.ndarray | None = None) -> Path:
        path = Path(self._folder.name, name)
        if values is not None:
            numpy.save(path, values)
        return path

    def fit(self, cprime: int, *, means: numpy.ndarray | None = None,
            components: int | None = None, **options) -> dict:
        """The report of a fit. Options are those of the command, with _ for -."""
        words = [TOOL, "fit", self.path, "-c", cprime, "-q", "--force", "--report", "-"]
        if means is not None:
            words += ["--init", self.file("start.npy", means)]
        else:
            words += ["-k", components]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", value]
        return self._run(words)

    def predict(self, model: Path, cprime: int, **options) -> dict:
        words = [
            TOOL, "fit", "--predict", model, self.path, "-c", cprime, "-q", "--report",
            "-"]
        for name, value in options.items():
            words += [f"--{name}", value]
        return self._run(words)

    @staticmethod
    def _run(words: list) -> dict:
        done = subprocess.run(
            [str(word) for word in words], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)


def plus_plus(points: numpy.ndarray, count: int, random) -> numpy.ndarray:
    """k-means++ (Arthur and Vassilvitskii 2007), one draw a mean."""
    means = [points[random.integers(len(points))]]
    nearest = ((points - means[0]) ** 2).sum(1)
    for _ in range(count - 1):
        place = random.choice(len(points), p=nearest / nearest.sum())
        means.append(points[place])
        nearest = numpy.minimum(nearest, ((points - means[-1]) ** 2).sum(1))
    return numpy.array(means)
