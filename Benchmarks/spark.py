"""The estimators of quantize.spark beside those of MLlib, on the same executors.

    Benchmarks/.venv/bin/python Benchmarks/spark.py --points 10000000

Needs Java 17 and the wheel of scripts/build-wheel with its extra `spark`. Points are
drawn from a mixture of 300 spherical Gaussians that overlap, kept in Parquet and cached
before both fit. The seconds of an iteration are those of a fit of 1 + `--iterations`
iterations less those of one of 1, after a fit to warm up; starts are left out. Ours
have ten times as many iterations, which would else be lost in the differences. Costs are
those of the longer fits. Their log-likelihoods are computed here, of 50,000 rows and for
both in the same way: MLlib adds 2.2e-16 to each density, which in many dimensions is
more than the density.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

try:
    import numpy as np
    from pyspark.ml.clustering import GaussianMixture, KMeans
    from pyspark.ml.functions import array_to_vector
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as F
    from quantize.spark import TruncatedGaussianMixture, TruncatedKMeans
except ImportError as missing:
    sys.exit(f"{missing}: pip install the wheel of scripts/build-wheel with [spark]")


def points(spark: SparkSession, folder: Path, count: int, dimension: int) -> DataFrame:
    """Rows of features, drawn from 300 Gaussians."""

    def drawn(batches: Any) -> Any:
        import pyarrow as pa

        centers = np.random.default_rng(1).normal(0, 6, (300, dimension))
        for batch in batches:
            numbers = batch.column(0).to_numpy()
            random = np.random.default_rng([2, int(numbers[0])])
            which = random.integers(0, len(centers), len(numbers))
            rows = centers[which] + random.normal(0, 3, (len(numbers), dimension))
            flat = pa.array(rows.ravel())
            ends = pa.array(np.arange(len(numbers) + 1, dtype=np.int32) * dimension)
            yield pa.RecordBatch.from_arrays(
                [pa.ListArray.from_arrays(ends, flat)], ["numbers"]
            )

    path = str(folder / f"points-{dimension}")
    (
        spark.range(0, count, 1, 8)
        .mapInArrow(drawn, "numbers array<double>")
        .select(array_to_vector(F.col("numbers")).alias("features"))
        .write.parquet(path)
    )
    return spark.read.parquet(path)


def measured(estimator: Any, table: DataFrame, iterations: int) -> tuple[float, Any]:
    """The seconds of an iteration, and the model of the longer fit."""
    took = []
    done = []
    # The first fit is slower, whichever it is.
    estimator.copy().setMaxIter(1).setTol(0.0).setSeed(1).fit(table)
    for most in (1, 1 + iterations):
        began = time.perf_counter()
        model = estimator.copy().setMaxIter(most).setTol(0.0).setSeed(1).fit(table)
        took.append(time.perf_counter() - began)
        # A fit that does not change any more ends.
        done.append(model.summary.numIter)
    return (took[1] - took[0]) / max(1, done[1] - done[0]), model


def log_likelihood(sample: Any, weights: Any, means: Any, covariances: Any) -> float:
    """The mean log-likelihood of rows under a mixture."""
    from scipy.linalg import cholesky, solve_triangular
    from scipy.special import logsumexp

    dimension = sample.shape[1]
    terms = np.empty((len(weights), len(sample)))
    for c, (weight, mean) in enumerate(zip(weights, means)):
        root = cholesky(covariances[c], lower=True)
        scaled = solve_triangular(root, (sample - mean).T, lower=True)
        terms[c] = (
            np.log(max(weight, 1e-300)) - dimension / 2 * np.log(2 * np.pi)
            - np.log(np.diag(root)).sum() - (scaled**2).sum(axis=0) / 2
        )
    return float(logsumexp(terms, axis=0).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--points", type=int, default=10_000_000)
    add("--mixture-points", type=int, help="fewer for mixtures")
    add("--iterations", type=int, default=5)
    add("--dimensions", default="3,16")
    add("--components", default="64,256")
    add("--skip-mixtures", action="store_true")
    arguments = parser.parse_args()
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "10g")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    folder = Path(tempfile.mkdtemp())
    print(f"load {os.getloadavg()[0]:.1f}, local[2], seconds of an iteration\n")
    print("| estimator | points | D | k | MLlib | ours | ratio | ours / MLlib |")
    print("|---|---|---|---|---|---|---|---|")
    try:
        for dimension in map(int, arguments.dimensions.split(",")):
            table = points(spark, folder, arguments.points, dimension).cache()
            table.count()
            for k in map(int, arguments.components.split(",")):
                theirs, model = measured(
                    KMeans(k=k, initSteps=2), table, arguments.iterations
                )
                ours, found = measured(
                    TruncatedKMeans(k=k), table, 10 * arguments.iterations
                )
                cost = found.summary.trainingCost / model.summary.trainingCost
                show("k-means", arguments.points, dimension, k, theirs, ours,
                     f"cost {cost:.3f}")
            if not arguments.skip_mixtures:
                few = arguments.mixture_points or arguments.points
                part = table.limit(few).repartition(8).cache()
                sample = np.array(
                    [row.features.toArray() for row in part.limit(50_000).collect()]
                )
                table.unpersist()
                part.count()
                for k in map(int, arguments.components.split(",")):
                    theirs, model = measured(
                        GaussianMixture(k=k), part, arguments.iterations
                    )
                    ours, found = measured(
                        TruncatedGaussianMixture(k=k, cprime=3), part,
                        10 * arguments.iterations,
                    )
                    frame = model.gaussiansDF.collect()
                    one = found.model
                    gain = log_likelihood(
                        sample, one.weights, one.means,
                        [np.eye(dimension) * v for v in one.variances],
                    ) - log_likelihood(
                        sample, model.weights,
                        [row["mean"].toArray() for row in frame],
                        [row["cov"].toArray() for row in frame],
                    )
                    show("mixture", few, dimension, k, theirs, ours,
                         f"log-likelihood a row {gain:+.3f}")
                part.unpersist()
            table.unpersist()
    finally:
        spark.stop()
        shutil.rmtree(folder)


def show(
    name: str, count: int, dimension: int, k: int, theirs: float, ours: float,
    figure: str,
) -> None:
    print(
        f"| {name} | {count:,} | {dimension} | {k} | {theirs:.2f} | {ours:.2f} "
        f"| {theirs / ours:.1f} | {figure} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
