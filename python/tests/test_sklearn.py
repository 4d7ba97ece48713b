"""scikit-learn's own checks, and what the estimators promise beyond them."""

import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from quantize.sklearn import TruncatedGaussianMixture, TruncatedKMeans


@parametrize_with_checks([TruncatedKMeans(), TruncatedGaussianMixture()])
def test_checks(estimator, check):
    check(estimator)


def blobs(seed=0, features=3, clusters=5, count=2000):
    random = np.random.default_rng(seed)
    centers = random.uniform(-50, 50, (clusters, features))
    labels = random.integers(clusters, size=count)
    return centers[labels] + random.normal(size=(count, features)), labels, centers


@pytest.mark.parametrize("features", [1, 2, 3, 6, 7, 20])
def test_kmeans_is_no_worse_than_scikit_learns(features):
    points, _, _ = blobs(features, features)
    ours = TruncatedKMeans(5, random_state=0).fit(points)
    theirs = KMeans(5, n_init=3, random_state=0).fit(points)
    assert ours.inertia_ <= theirs.inertia_ * (1 + 1e-9)
    assert ours.score(points) == pytest.approx(-ours.inertia_)
    assert (ours.predict(points) == ours.labels_).all()
    distances = ours.transform(points)
    assert (distances.argmin(axis=1) == ours.labels_).all()


def test_weights_are_repetitions():
    points, _, _ = blobs(4)
    weights = np.random.default_rng(1).integers(1, 4, len(points))
    weighted = TruncatedKMeans(5, random_state=0)
    weighted.fit(points, sample_weight=weights)
    repeated = TruncatedKMeans(5, random_state=0).fit(points.repeat(weights, axis=0))
    assert weighted.inertia_ == pytest.approx(repeated.inertia_, rel=1e-9)


@pytest.mark.parametrize("kind", ["spherical", "tied_spherical"])
@pytest.mark.parametrize("mixing", ["learned", "equal"])
def test_mixture_matches_its_formulas(kind, mixing):
    points, _, _ = blobs(7, features=2, clusters=3)
    mixture = TruncatedGaussianMixture(
        3, covariance_type=kind, weights=mixing, random_state=0
    ).fit(points)
    squares = ((points[:, np.newaxis] - mixture.means_) ** 2).sum(axis=2)
    joint = (
        np.log(mixture.weights_)
        - np.log(2 * np.pi * mixture.covariances_)
        - squares / (2 * mixture.covariances_)
    )
    density = np.log(np.exp(joint).sum(axis=1))
    assert mixture.score_samples(points) == pytest.approx(density)
    assert mixture.score(points) == pytest.approx(density.mean())
    shares = np.exp(joint - density[:, np.newaxis])
    assert np.allclose(mixture.predict_proba(points), shares, atol=1e-6)
    assert (mixture.predict(points) == joint.argmax(axis=1)).all()
    few = mixture.predict_proba(points, as_sparse=True)
    assert few.shape == (2000, 3) and few.nnz == 6000
    parameters = 6 + (3 if kind == "spherical" else 1) + (2 if mixing == "learned" else 0)
    bic = -2 * density.sum() + parameters * np.log(len(points))
    assert mixture.bic(points) == pytest.approx(bic)
    assert mixture.aic(points) == pytest.approx(-2 * density.sum() + 2 * parameters)


def test_full_em_is_that_of_scikit_learn():
    points, _, centers = blobs(9, features=2, clusters=4, count=800)
    start = centers + 1
    ours = TruncatedGaussianMixture(4, init=start, tol=1e-12, max_iter=2000).fit(points)
    theirs = GaussianMixture(
        4, covariance_type="spherical", means_init=start, tol=1e-9, max_iter=2000,
        reg_covar=0,
    ).fit(points)
    assert ours.score(points) == pytest.approx(theirs.score(points), abs=1e-6)
    assert ours.bic(points) == pytest.approx(theirs.bic(points), rel=1e-6)


def test_truncation_keeps_few_entries():
    points, _, _ = blobs(2, clusters=12)
    mixture = TruncatedGaussianMixture(12, cprime=2, random_state=0).fit(points)
    few = mixture.predict_proba(points, as_sparse=True)
    assert np.diff(few.indptr).tolist() == [2] * len(points)
    assert np.allclose(few.sum(axis=1), 1, atol=1e-6)
    assert mixture.lower_bound_ <= mixture.score(points) + 1e-12


@pytest.mark.parametrize("estimator", [
    TruncatedKMeans(5, random_state=0), TruncatedGaussianMixture(5, random_state=0),
])
def test_batches_come_near_a_fit_of_all(estimator):
    points, _, _ = blobs(11)
    whole = clone(estimator).fit(points)
    batched = clone(estimator)
    for batch in np.array_split(points, 8):
        batched.partial_fit(batch)
    assert batched.score(points) > whole.score(points) * (
        1.05 if whole.score(points) < 0 else 0.95
    )
    # `fit` forgets the batches.
    assert clone(batched.fit(points)).fit(points).score(points) == whole.score(points)


def test_pipelines_pickles_and_warm_starts():
    points, _, _ = blobs(3)
    pipeline = make_pipeline(StandardScaler(), TruncatedKMeans(5, random_state=0))
    labels = pipeline.fit_predict(points)
    again = pickle.loads(pickle.dumps(pipeline))
    assert (again.predict(points) == labels).all()
    mixture = TruncatedGaussianMixture(5, warm_start=True, random_state=0).fit(points)
    before = mixture.score(points)
    assert mixture.fit(points).score(points) >= before - 1e-9
    draws, drawn = mixture.sample(4000)
    assert draws.shape == (4000, 3)
    assert (mixture.predict(draws) == drawn).mean() > 0.99


@pytest.mark.parametrize("change, message", [
    ({"n_clusters": 0}, "must be 1 to 65536"),
    ({"cprime": 0}, "cprime must be at least 1"),
    ({"init": "random"}, "init must be 'search'"),
    ({"init": [[1.0]]}, "init must have the shape"),
    ({"n_init": 0}, "n_init must be at least 1"),
    ({"effort": 11}, "effort must be 1 to 10"),
    ({"tol": -1.0}, "tol must be 0 or greater"),
])
def test_wrong_parameters_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        TruncatedKMeans().set_params(**change).fit(np.random.rand(50, 2))
