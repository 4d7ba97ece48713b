"""The estimators of pyspark.ml."""

import os
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

import quantize

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Java is not installed", allow_module_level=True)

from pyspark.ml import Pipeline, PipelineModel  # noqa: E402
from pyspark.ml.evaluation import ClusteringEvaluator  # noqa: E402
from pyspark.ml.linalg import Vectors  # noqa: E402
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder  # noqa: E402
from quantize.spark import (  # noqa: E402
    TruncatedGaussianMixture,
    TruncatedGaussianMixtureModel,
    TruncatedKMeans,
    _blocks,
    _points,
    _session,
    _training,
)

RANDOM = np.random.default_rng(0)
POINTS = np.concatenate([RANDOM.normal(m, 1, (700, 3)) for m in (0, 5, 10)])
WEIGHTS = RANDOM.integers(0, 4, len(POINTS)).astype(float)


@pytest.fixture(scope="module")
def table(spark):
    rows = [
        (Vectors.dense(point), point.tolist(), float(weight))
        for point, weight in zip(POINTS, WEIGHTS, strict=True)
    ]
    names = ["features", "numbers", "weight"]
    table = spark.createDataFrame(rows, names).repartition(4).cache()
    table.count()
    yield table
    table.unpersist()


def test_kmeans_is_that_of_the_engine(table):
    model = TruncatedKMeans(k=3, tol=0.0, maxIter=20).fit(table)
    expected = quantize.fit_points(POINTS, 3, 1)
    assert np.allclose(
        np.sort(model.clusterCenters(), axis=0), np.sort(expected.means, axis=0),
        atol=1e-9,
    )
    summary = model.summary
    cost = expected.evaluate(POINTS, 1)["inertia"] * len(POINTS)
    assert summary.trainingCost == pytest.approx(cost)
    assert (np.diff(summary.trainingCosts) <= 1e-9).all()
    assert summary.count == len(POINTS) and summary.k == 3
    found = model.transform(table).select("numbers", "prediction").collect()
    predicted = [row.prediction for row in found]
    points = np.array([row.numbers for row in found])
    assert predicted == model.model.predict(points).tolist()
    assert model.predict(Vectors.dense(points[0])) == predicted[0]


@pytest.mark.parametrize("cprime", [1, 2, 3])
@pytest.mark.parametrize("kinds", [
    {}, {"covarianceType": "tied", "mixingWeights": "equal"},
])
def test_mixtures_are_those_of_the_engine(table, cprime, kinds):
    mixture = TruncatedGaussianMixture(
        k=3, cprime=cprime, weightCol="weight", featuresCol="numbers", tol=0.0,
        maxIter=30, trackLikelihood=True, **kinds,
    )
    model = mixture.fit(table)
    fit = quantize.fit_points(
        quantize.Points(POINTS, WEIGHTS), 3, cprime, tol=0.0, max_iter=200,
        weights=kinds.get("mixingWeights", "learned"),
        covariance_type=kinds.get("covarianceType", "spherical"),
    )
    kept = quantize.Points(POINTS[WEIGHTS > 0], WEIGHTS[WEIGHTS > 0])
    energy = fit.evaluate(kept, cprime)["free_energy"]
    summary = model.summary
    assert summary.freeEnergy[-1] == pytest.approx(energy, abs=1e-4)
    assert (np.diff(summary.freeEnergy) >= -1e-10).all()
    assert summary.count == (WEIGHTS > 0).sum()
    assert len(summary.logLikelihoods) == len(summary.freeEnergy)
    likelihood = model.model.evaluate(kept)["free_energy"] * WEIGHTS.sum()
    assert summary.logLikelihood == pytest.approx(likelihood, rel=1e-9)
    rows = model.transform(table).select("numbers", "prediction", "probability")
    for row in rows.limit(20).collect():
        shares = row.probability.toArray()
        assert shares.sum() == pytest.approx(1, abs=1e-6)
        assert (shares > 0).sum() <= cprime
        assert shares.argmax() == row.prediction


def test_a_large_table_starts_with_a_sample(spark):
    random = np.random.default_rng(3)
    centers = random.normal(0, 20, (12, 2))
    points = centers[random.integers(0, 12, 40_000)] + random.normal(0, 1, (40_000, 2))
    table = spark.createDataFrame([(row,) for row in points.tolist()], ["features"])
    table = table.repartition(3).cache()
    model = TruncatedKMeans(k=12, sampleSize=2_000, maxIter=5).fit(table)
    best = quantize.fit_points(points, 12, 1).evaluate(points, 1)["inertia"]
    assert model.summary.trainingCost / len(points) < 1.02 * best


def test_blocks_that_nobody_keeps_are_sent_again(table, monkeypatch):
    whole = TruncatedKMeans(k=3, tol=0.0, maxIter=4).fit(table)
    # In the processes that are forked from now on.
    monkeypatch.setattr(_points, "_BLOCK_BYTES", 4_000)
    for most in (1, 10_000, 1 << 30):
        monkeypatch.setattr(_training, "room", lambda _, most=most: most)
        cut = TruncatedKMeans(k=3, tol=0.0, maxIter=4).fit(table)
        assert np.allclose(whole.clusterCenters(), cut.clusterCenters())


def test_a_process_answers_for_its_blocks():
    keeping = _blocks.Keeping.for_fit(110_000)
    keeper = _blocks.Keeper()
    points = quantize.Points(POINTS)
    place = keeper.keep(keeping, "a", points)
    # There is no room for more, and what is there stays.
    assert keeper.keep(keeping, "b", points) is None
    run = _blocks.Pass((POINTS[:3], 1.0, None), 2, True)
    found = _blocks.statistics_of(keeping, run, ["b", "a"], [place, place])
    assert found[0] is None
    numbers, likelihood = found[1]
    model = quantize.Model(POINTS[:3], 1.0)
    expected = model.statistics(points, 2)
    assert np.array_equal(np.frombuffer(numbers), expected.numbers)
    energy = model.evaluate(points)["free_energy"] * len(POINTS)
    assert likelihood == pytest.approx(energy)
    # Other fits, processes that are gone and those of other machines say nothing.
    for stranger, where in (
        (_blocks.Keeping(keeping.fit, b"another", 1), place),
        (_blocks.Keeping.for_fit(1), place),
        (keeping, place + "0"),
        (keeping, "elsewhere/1/" + place.rpartition("/")[2]),
    ):
        assert _blocks.statistics_of(stranger, run, ["a"], [where]) == [None]
    _blocks.free(keeping, [place])
    assert _blocks.statistics_of(keeping, run, ["a"], [place]) == [None]


@pytest.mark.parametrize(("conf", "bytes"), [
    ({"spark.executor.pyspark.memory": "4g", "spark.executor.cores": "2"}, 1 << 30),
    ({"spark.executor.pyspark.memory": "512"}, 256 << 20),
    ({"spark.executor.memoryOverhead": "1g"}, 512 << 20),
    ({"spark.executor.memory": "20g"}, 1 << 30),
    ({}, 192 << 20),
])
def test_processes_keep_what_containers_have_room_for(conf, bytes):
    context = SimpleNamespace(master="yarn", getConf=lambda: conf)
    assert _session.room(SimpleNamespace(sparkContext=context)) == bytes


def test_models_are_saved_and_loaded(table, tmp_path):
    model = TruncatedGaussianMixture(k=3, predictionCol="cluster").fit(table)
    model.write().overwrite().save(str(tmp_path / "model"))
    again = TruncatedGaussianMixtureModel.load(str(tmp_path / "model"))
    assert (again.uid, again.getK()) == (model.uid, 3)
    assert again.weights == model.weights and not again.hasSummary
    with pytest.raises(RuntimeError, match="summary"):
        _ = again.summary
    columns = ["cluster", "probability"]
    assert (
        again.transform(table).select(columns).collect()
        == model.transform(table).select(columns).collect()
    )
    pipeline = Pipeline(stages=[TruncatedKMeans(k=2)])
    pipeline.save(str(tmp_path / "pipeline"))
    fitted = Pipeline.load(str(tmp_path / "pipeline")).fit(table)
    fitted.save(str(tmp_path / "fitted"))
    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    assert "prediction" in loaded.transform(table).columns


def test_a_cross_validator_chooses_k(table):
    kmeans = TruncatedKMeans(seed=1)
    grid = ParamGridBuilder().addGrid(kmeans.k, [2, 3]).build()
    chosen = CrossValidator(
        estimator=kmeans, estimatorParamMaps=grid, evaluator=ClusteringEvaluator(),
        numFolds=2, seed=1,
    ).fit(table)
    assert chosen.bestModel.getK() == 3
    assert kmeans.copy().setK(7).getK() == 7


@pytest.mark.parametrize("settings, error, said", [
    ({"k": 0}, ValueError, "k must be 1 to 65536, not 0"),
    ({"k": 5_000}, ValueError, "only 2100 rows"),
    ({"featuresCol": "colour"}, ValueError, "no column 'colour'"),
    ({"featuresCol": "weight"}, TypeError, "vector or an array"),
    ({"weightCol": "numbers"}, TypeError, "must have numbers"),
    ({"cprime": 0}, ValueError, "cprime must be at least 1"),
    ({"tol": -1.0}, ValueError, "tol must be 0 or greater"),
    ({"covarianceType": "full"}, ValueError, "'spherical', 'tied'"),
])
def test_wrong_settings_are_refused(table, settings, error, said):
    with pytest.raises(error, match=said):
        TruncatedGaussianMixture(**{"k": 3, **settings}).fit(table)


@pytest.mark.parametrize("rows, said", [
    ([[1.0, float("nan")], [1.0, 2.0]], "NaN or infinite"),
    ([[1.0], [1.0, 2.0]], "different numbers of features"),
    ([[1.0, None], [1.0, 2.0]], "null"),
    ([None, [1.0, 2.0]], "no features"),
])
def test_wrong_rows_are_refused(spark, rows, said):
    table = spark.createDataFrame([(row,) for row in rows], "features array<double>")
    for parts in (1, 2):
        with pytest.raises(ValueError, match=said):
            TruncatedKMeans(k=1).fit(table.repartition(parts))
