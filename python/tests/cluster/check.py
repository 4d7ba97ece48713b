"""Compares Spark in separate executor processes with the command on one machine.

    python check.py COMMAND SAMPLES WORK [--long]

scripts/check-cluster runs it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import quantize
from PIL import Image, ImageOps
from pyspark.sql import DataFrame, SparkSession
from quantize.spark import (
    TruncatedGaussianMixture,
    _points,
    _reduction,
    _summary,
    corpus_palette,
    quantize_images,
)

K, CPRIME = 24, 2
DAMAGED = 5


def say(text: str) -> None:
    print(f"check-cluster: {text}", flush=True)


def make_images(samples: pathlib.Path, folder: pathlib.Path, count: int) -> None:
    """Crops, turns and other encodings of the samples, the same each time."""
    chosen = random.Random(21)
    pictures = [
        Image.open(path)
        for path in sorted(samples.iterdir())
        if path.suffix in (".png", ".jpg")
    ]
    pictures = [
        one.convert("RGBA" if one.mode in ("P", "RGBA", "LA") else "RGB")
        for one in pictures
    ]
    for n in range(count):
        picture = pictures[n % len(pictures)]
        width = chosen.randint(24, min(200, picture.width))
        height = chosen.randint(24, min(200, picture.height))
        left = chosen.randint(0, picture.width - width)
        top = chosen.randint(0, picture.height - height)
        crop = picture.crop((left, top, left + width, top + height))
        crop = crop.rotate(90 * chosen.randint(0, 3), expand=True)
        if chosen.random() < 0.2:
            crop = ImageOps.grayscale(crop)
        place = folder / f"album {n % 7}" / ("more" if n % 3 else "")
        place.mkdir(parents=True, exist_ok=True)
        file = io.BytesIO()
        if n % 2 and crop.mode != "RGBA":
            exif = Image.Exif()
            exif[0x0112] = 1 + n % 8
            crop.save(file, "JPEG", quality=chosen.randint(60, 95), exif=exif)
            name = f"{n:04}.jpg" if n % 5 else f"{n:04}.JPEG"
        else:
            crop.save(file, "PNG")
            name = f"{n:04}.png"
        data = file.getvalue()
        if n % (count // DAMAGED) == 7:
            data = data[: len(data) // 2]
        (place / name).write_bytes(data)


class Check:
    """The images, and what the command makes of them."""

    def __init__(self, command: str, samples: str, work: str, long: bool) -> None:
        self.command = command
        self.work = pathlib.Path(work)
        self.photos = self.work / "photos"
        self.count = 500 if long else 120
        self.long = long
        make_images(pathlib.Path(samples), self.photos, self.count)
        options = ["-k", str(K), "--cprime", str(CPRIME)]
        self.shared_seconds = self.batch("shared", *options, "--shared-palette")
        self.own_seconds = self.batch("own", *options)
        report = self.work / "own.jsonl"
        self.reports = {
            line["input"]: line for line in map(json.loads, report.open())
        }
        file = self.work / "shared" / "palette.json"
        self.palette = [entry["hex"] for entry in json.loads(file.read_text())]
        file.unlink()

    def batch(self, name: str, *options: str) -> float:
        """Runs the command; it exits with 65, as some images are damaged."""
        start = time.monotonic()
        done = subprocess.run(
            [
                self.command, "batch", self.photos, "--recursive", "-q", "-o",
                self.work / name, "--report", self.work / f"{name}.jsonl",
                "--threads", "2", *options,
            ],
            check=False,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 65:
            raise SystemExit(f"the command failed: {done.stderr}")
        return time.monotonic() - start

    def session(
        self, master: str = "local-cluster[2,1,1024]", **settings: Any
    ) -> SparkSession:
        """Executors in processes of their own."""
        builder = (
            SparkSession.builder.master(master)
            .appName("check-cluster")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.executor.memory", "1g")
            # What a killed executor had is asked for in vain only once.
            .config("spark.shuffle.io.maxRetries", "1")
            .config("spark.shuffle.io.retryWait", "100ms")
            .config("spark.sql.shuffle.partitions", "4")
            # By the executors there are, one that is gone would cut tables anew.
            .config("spark.default.parallelism", "4")
            .config("spark.local.dir", str(self.work / "spark"))
            .config("spark.executorEnv.PYTHONPATH", os.environ.get("PYTHONPATH", ""))
        )
        for key, value in settings.items():
            builder = builder.config("spark." + key.replace("_", "."), value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        return session

    def check_palette(self, spark: SparkSession, **settings: Any) -> Any:
        """Compares the palette of all images."""
        palette, report = corpus_palette(spark, self.photos, K, CPRIME, **settings)
        expect(palette.hex == self.palette, f"another palette: {palette.hex}")
        expect(report.images == self.count - DAMAGED, f"{report}")
        expect(report.failed == DAMAGED, f"{report.failures}")
        return palette, report

    def check_images(
        self, spark: SparkSession, name: str, status: str = "written", **settings: Any
    ) -> list[Any]:
        """Compares each output with that of the command."""
        output = self.work / f"spark-{name}"
        rows = quantize_images(spark, self.photos, output, **settings).collect()
        found = sorted(row.status for row in rows)
        wanted = ["failed"] * DAMAGED + [status] * (self.count - DAMAGED)
        expect(found == sorted(wanted), f"statuses {sorted(set(found))}, {len(found)}")
        for row in rows:
            expect((row.error is not None) == (row.status == "failed"), f"{row}")
            expect("\n" not in (row.error or ""), f"{row}")
        expect(tree(output) == tree(self.work / name), f"{name}: other bytes")
        expect(not list(output.glob(".*")), "temporary files are left")
        return rows

    def check_figures(self, rows: list[Any]) -> None:
        """Compares the rows with --report."""
        for row in rows:
            if row.status == "failed":
                continue
            line = self.reports[row.path.removeprefix("file:")]
            expect(row.mse == line["mse"], f"{row.path}: mse {row.mse} {line['mse']}")
            expect(row.free_energy == line["freeEnergy"][-1], f"{row.path}: F")
            expect(row.iterations == line["iterations"], f"{row.path}: iterations")
            for ours, theirs in (
                (row.ssim, line.get("ssim")),
                (row.psnr, line["psnr"]),
                (row.delta_e2000_p95, line["deltaE2000"]["p95"]),
                (row.oklab_mse, line["oklabMse"]),
            ):
                same = ours == theirs or abs(ours - theirs) < 1e-6 * abs(theirs)
                expect(same, f"{row.path}: {ours}, in the report {theirs}")


def expect(holds: bool, text: str) -> None:
    if not holds:
        raise SystemExit(f"check-cluster: {text}")


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    """The images below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*.png"))
    }


def executor_of_this_task() -> int:
    """The process of the executor that this Python worker belongs to."""
    pid = os.getppid()
    while True:
        name = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"CoarseGrainedExecutorBackend" in name:
            return pid
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
        pid = int(status.rpartition(")")[2].split()[1])
        if pid <= 1:
            raise RuntimeError("no executor is above this process")


class Killing:
    """A task that kills its executor, the first time, after some batches."""

    def __init__(self, work: Callable[..., Any], marker: str) -> None:
        self.work = work
        self.marker = marker

    def __call__(self, batches: Iterator[Any], how: Any) -> Iterator[Any]:
        yield from self.work(self._until(batches), how)

    def _until(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield batch
            # What was read is counted or written by now.
            try:
                os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os.kill(executor_of_this_task(), signal.SIGKILL)
            time.sleep(60)


class KillingPass:
    """The second pass of a fit, whose process keeps blocks, ends its executor."""

    def __init__(self, work: Callable[..., Any], marker: str) -> None:
        self.work = work
        self.marker = marker

    def __call__(self, batches: Iterator[Any], **settings: Any) -> Iterator[Any]:
        for batch in batches:
            yield from self.work(iter([batch]), **settings)
            if settings["places"] and not os.path.exists(self.marker):
                pathlib.Path(self.marker).touch()
                os.kill(executor_of_this_task(), signal.SIGKILL)
                time.sleep(60)


class Slow:
    """Tasks of which the first attempt of one is slow: it gets a twin."""

    def __init__(self, work: Callable[..., Any], marker: str) -> None:
        self.work = work
        self.marker = marker

    def __call__(self, batches: Iterator[Any], how: Any) -> Iterator[Any]:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        slow = context.partitionId() == 0 and context.attemptNumber() == 0
        if context.attemptNumber():
            pathlib.Path(self.marker).touch()
        for batch in batches:
            yield from self.work(iter([batch]), how)
            if slow:
                time.sleep(6)


def stage(name: str, start: float) -> float:
    now = time.monotonic()
    say(f"{name} ({now - start:.0f} s)")
    return now


def check_partitions(check: Check, spark: SparkSession) -> None:
    start = time.monotonic()
    palette = None
    for count in (1, 2, 7, 50) if check.long else (2, 7):
        palette, report = check.check_palette(spark, partitions=count)
        start = stage(
            f"the palette of {report.partitions} partitions is the command's; "
            f"{report.shuffle_bytes / report.images:.0f} bytes an image are sent",
            start,
        )
        for name, settings in (
            ("own", {"k": K, "cprime": CPRIME}),
            ("shared", {"palette": palette, "cprime": CPRIME}),
        ):
            if not check.long and (name == "own") == (count == 7):
                continue
            shutil.rmtree(check.work / f"spark-{name}", ignore_errors=True)
            rows = check.check_images(spark, name, partitions=count, **settings)
            if name == "own":
                check.check_figures(rows)
        start = stage(f"the images of {count} partitions are the command's", start)

    output = check.work / "spark-shared"
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    check.check_images(spark, "shared", "kept", palette=palette, cprime=CPRIME)
    after = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    expect(before == after, "the second run has written")
    stage("a second run does nothing", start)


def check_killed(check: Check, spark: SparkSession) -> None:
    start = time.monotonic()
    count, reduce = _summary.count, _reduction.reduce
    merge = _summary.merge
    # Batches of a few images, so that the end is in the middle of a partition.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 4)
    for name, module, work in (
        ("count", _summary, count), ("merge", _summary, merge),
        ("reduce", _reduction, reduce),
    ):
        if name == "merge" and not check.long:
            continue
        marker = check.work / f"killed-{name}"
        setattr(module, name, Killing(work, str(marker)))
        try:
            if name == "reduce":
                shutil.rmtree(check.work / "spark-own")
                check.check_images(spark, "own", k=K, cprime=CPRIME)
            else:
                check.check_palette(spark, partitions=7)
        finally:
            setattr(module, name, work)
        expect(marker.exists(), f"no executor was killed in {name}")
        start = stage(f"an executor is killed in {name}: the result is the same", start)
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")


def check_tables(check: Check, spark: SparkSession) -> None:
    """A fit of a table is the same after an executor and its blocks are gone."""
    start = time.monotonic()
    path = str(check.work / "table")
    points = np.random.default_rng(4).normal(0, 1, (20_000, 3))
    points[::2] += 4
    rows = [(row,) for row in points.tolist()]
    spark.createDataFrame(rows, "features array<double>").repartition(6).write.parquet(
        path
    )

    def fit() -> Any:
        table: DataFrame = spark.read.parquet(path)
        return TruncatedGaussianMixture(k=5, cprime=2, maxIter=6, tol=0.0).fit(table)

    whole = fit()
    marker = check.work / "killed-fit"
    work = _points.statistics
    _points.statistics = KillingPass(work, str(marker))  # type: ignore[assignment]
    try:
        again = fit()
    finally:
        _points.statistics = work
    expect(marker.exists(), "no executor was killed in a fit")
    for name in ("means", "variances", "weights"):
        ours, theirs = getattr(again.model, name), getattr(whole.model, name)
        expect(np.array_equal(ours, theirs), f"other {name}: {ours} {theirs}")
    stage("an executor is killed in a fit of a table: the model is the same", start)


def check_speculation(check: Check) -> None:
    start = time.monotonic()
    with standalone(check.work) as master:
        speculate(check, master)
    stage("tasks that run twice do no harm", start)


def speculate(check: Check, master: str) -> None:
    spark = check.session(
        master, executor_cores="1", speculation="true", speculation_interval="100ms",
        speculation_multiplier="1.1", speculation_quantile="0.3",
        speculation_minTaskRuntime="100ms",
    )
    marker = check.work / "speculated"
    reduce = _reduction.reduce
    _reduction.reduce = Slow(reduce, str(marker))  # type: ignore[assignment]
    shutil.rmtree(check.work / "spark-own")
    try:
        check.check_images(spark, "own", k=K, cprime=CPRIME, partitions=7)
    finally:
        _reduction.reduce = reduce
    check.check_palette(spark, partitions=7)
    spark.stop()
    if not marker.exists():
        say("Spark ran no task twice, so what twins do was not tested")


@contextlib.contextmanager
def standalone(work: pathlib.Path) -> Iterator[str]:
    """A master and two workers on two addresses: a task's twin never runs on the
    host of the task, and `local-cluster` has one host."""
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    master = f"spark://127.0.0.1:{port}"
    spark_class = pathlib.Path(pyspark.__file__).parent / "bin" / "spark-class"
    deploy = [str(spark_class), "org.apache.spark.deploy"]
    logs = (work / "standalone.log").open("w")
    environment = {**os.environ, "SPARK_WORKER_DIR": str(work / "workers")}
    commands = [
        [deploy[0], f"{deploy[1]}.master.Master", "--host", "127.0.0.1",
         "--port", str(port), "--webui-port", "0"],
    ] + [
        [deploy[0], f"{deploy[1]}.worker.Worker", "--host", f"127.0.0.{n}",
         "--webui-port", "0", "--cores", "1", "--memory", "1g", master]
        for n in (1, 2)
    ]
    processes = []
    try:
        for command in commands:
            processes.append(
                subprocess.Popen(
                    command, stdout=logs, stderr=logs, env=environment
                )
            )
            time.sleep(3)
        yield master
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait()
        logs.close()


def check_large(check: Check, spark: SparkSession) -> None:
    """An image of 200 megapixels among thumbnails."""
    start = time.monotonic()
    folder = check.work / "large"
    folder.mkdir()
    image = np.zeros((10_000, 20_000, 3), np.uint8)
    image[:100] = 200
    quantize.write_png(image, folder / "large.png", compression=1)
    del image
    for n, path in enumerate(sorted(check.photos.rglob("*1.png"))):
        shutil.copy(path, folder / f"{n}.png")
    images = len(list(folder.iterdir()))
    executors = executors_of(spark)
    _, report = corpus_palette(spark, folder, 8)
    expect(report.images >= images - DAMAGED, f"{report}")
    rows = quantize_images(spark, folder, check.work / "reduced", 8).collect()
    row = next(row for row in rows if row.path.endswith("/large.png"))
    expect(row.status == "written" and row.width == 20_000, f"{row}")
    expect(executors_of(spark) == executors, "an executor ended")
    stage("an image of 200 megapixels ends no executor", start)


def executors_of(spark: SparkSession) -> list[str]:
    """The executors that are there; one that follows another has a new number."""
    names = spark.sparkContext._jsc.sc().getExecutorIds()  # type: ignore
    return sorted(names.mkString(" ").split())


def check_packed(check: Check) -> None:
    """The environment in an archive, unpacked by executors."""
    start = time.monotonic()
    archive = check.work / "environment.tar.gz"
    subprocess.run(
        [sys.executable, "-m", "venv_pack", "-q", "-p", sys.prefix, "-o", archive],
        check=True,
    )
    os.environ["PYSPARK_PYTHON"] = "./environment/bin/python"
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    spark = check.session(archives=f"{archive}#environment")
    palette, _ = check.check_palette(spark)
    shutil.rmtree(check.work / "spark-shared")
    check.check_images(spark, "shared", palette=palette, cprime=CPRIME)
    places = (
        spark.sparkContext.parallelize([0], 1)
        .map(lambda _: sys.executable)
        .collect()
    )
    expect("environment" in places[0], f"executors run {places}")
    spark.stop()
    stage(f"an archive of {archive.stat().st_size >> 20} MiB serves executors", start)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("samples")
    parser.add_argument("work")
    parser.add_argument("--long", action="store_true")
    given = parser.parse_args()
    start = time.monotonic()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    check = Check(given.command, given.samples, given.work, given.long)
    say(
        f"{check.count} images, {DAMAGED} of them damaged; the command takes "
        f"{check.shared_seconds:.1f} s with one palette, {check.own_seconds:.1f} s "
        "with a palette each"
    )
    spark = check.session()
    check_partitions(check, spark)
    check_killed(check, spark)
    check_tables(check, spark)
    if check.long:
        check_large(check, spark)
    spark.stop()
    if check.long:
        check_speculation(check)
        check_packed(check)
    else:
        say("without --long no task is run twice, and no environment is packed")
    say(f"all is the same, in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
