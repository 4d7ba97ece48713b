"""Estimators of scikit-learn: k-means and Gaussian mixtures by truncated EM.

    >>> import numpy as np
    >>> from quantize.sklearn import TruncatedKMeans
    >>> points = np.random.default_rng(0).normal(size=(500, 3))
    >>> TruncatedKMeans(n_clusters=4, random_state=0).fit_predict(points).shape
    (500,)
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

try:
    import scipy.sparse as sparse
    from sklearn.base import (
        BaseEstimator,
        ClassNamePrefixFeaturesOutMixin,
        ClusterMixin,
        DensityMixin,
        TransformerMixin,
    )
    from sklearn.metrics.pairwise import euclidean_distances
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import (
        _check_sample_weight,
        check_is_fitted,
        validate_data,
    )
except ImportError as missing:
    raise ImportError(
        f"{missing}: pip install quantize-em[sklearn]"
    ) from None

from ._model import Model, Points, fit_points

__all__ = ["TruncatedGaussianMixture", "TruncatedKMeans"]


class _Truncated(BaseEstimator):
    """What both estimators share: parameters, checks and the fit."""

    n_init: int
    init: Any
    tol: float
    max_iter: int
    effort: int
    random_state: Any
    threads: int | None

    def _count(self) -> int:
        raise NotImplementedError

    def _settings(self) -> dict[str, Any]:
        raise NotImplementedError

    def _check_data(self, X: Any, *, reset: bool) -> Any:
        return validate_data(
            self,
            X,
            reset=reset,
            accept_sparse=False,
            dtype=[np.float64, np.float32],
            order="C",
        )

    def _fit_model(
        self, X: Any, sample_weight: Any, start: NDArray[np.float64] | None = None
    ) -> tuple[Model, Points]:
        """The fitted model, and the points that have weight."""
        count = self._count()
        if len(X) < count:
            raise ValueError(
                f"n_samples={len(X)} should be >= the number of components ({count})"
            )
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
            # A point without weight is no point: it would be drawn by no search,
            # but stand in the boxes of the tree.
            kept = weights > 0
            if not kept.all():
                X, weights = X[kept], weights[kept]
        points = Points(X, weights)
        settings = dict(
            effort=self.effort,
            max_iter=self.max_iter,
            tol=self.tol,
            threads=self.threads,
            **self._settings(),
        )
        if start is None and not isinstance(self.init, str):
            start = np.asarray(self.init, dtype=np.float64)
            if start.shape != (count, X.shape[1]):
                raise ValueError(
                    f"init must have the shape ({count}, {X.shape[1]}), "
                    f"not {start.shape}"
                )
        elif start is None and self.init != "search":
            raise ValueError(f"init must be 'search' or an array, not {self.init!r}")
        if start is not None:
            return fit_points(points, count, init=start, **settings), points
        random = check_random_state(self.random_state)
        best: Model | None = None
        energy = -np.inf
        for _ in range(self.n_init):
            seed = int(random.randint(np.iinfo(np.int32).max))
            model = fit_points(points, count, seed=seed, **settings)
            if self.n_init == 1:
                return model, points
            found = model.evaluate(points, settings["cprime"], threads=self.threads)
            # With C' = 1 it is highest where the inertia is least.
            if best is None or found["free_energy"] > energy:
                best, energy = model, found["free_energy"]
        if best is None:
            raise ValueError(f"n_init must be at least 1, not {self.n_init}")
        return best, points

    def _partial_model(self, X: Any, sample_weight: Any, cprime: int) -> Model:
        """Goes on from the sums of the batches before (O. Cappé and E. Moulines,
        "On-line expectation-maximization algorithm for latent data models",
        Journal of the Royal Statistical Society B 71, 2009, without forgetting).
        """
        weights = np.ones(len(X))
        if sample_weight is not None:
            weights = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
        if not hasattr(self, "_sums"):
            model, _ = self._fit_model(X, sample_weight)
            self._sums = _Sums(len(model.means), X)
        else:
            model = self.model_
        self._sums.add(X, weights, model, cprime, self.threads)
        return self._sums.maximized(model, **self._freedoms())

    def _freedoms(self) -> dict[str, bool]:
        return {"learned": False, "separate": False}


class _Sums:
    """Sufficient statistics of batches, about a point near their middle."""

    def __init__(self, components: int, X: Any) -> None:
        self.origin = np.asarray(X, dtype=np.float64).mean(axis=0)
        self.weights = np.zeros(components)
        self.first = np.zeros((components, X.shape[1]))
        self.second = np.zeros(components)

    def add(
        self, X: Any, weights: Any, model: Model, cprime: int, threads: int | None
    ) -> None:
        shares = _responsibilities(model, X, cprime, True, threads)
        shares = sparse.csr_array(shares.multiply(weights[:, np.newaxis])).T
        shifted = X - self.origin
        self.weights += np.asarray(shares.sum(axis=1)).ravel()
        self.first += shares @ shifted
        self.second += shares @ (shifted * shifted).sum(axis=1)

    def maximized(self, before: Model, *, learned: bool, separate: bool) -> Model:
        total, dimension = self.weights.sum(), self.first.shape[1]
        seen = self.weights > 0
        means = before.means - self.origin
        means[seen] = self.first[seen] / self.weights[seen, np.newaxis]
        scatter = self.second - self.weights * (means * means).sum(axis=1)
        mean = self.first.sum(axis=0) / total
        spread = self.second.sum() / total - (mean * mean).sum()
        least = max(1e-6 * spread / dimension, np.finfo(float).tiny)
        if separate:
            variances = before.variances.copy()
            variances[seen] = scatter[seen] / (dimension * self.weights[seen])
        else:
            variances = np.full(len(means), scatter.sum() / (dimension * total))
        mixing = self.weights / total if learned else None
        return Model(means + self.origin, np.maximum(variances, least), mixing)


class TruncatedKMeans(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, _Truncated
):
    """k-means, and with C' > 1 its soft relatives with one variance.

    Parameters
    ----------
    n_clusters : int, default 8
    cprime : int, default 1
        C', how many clusters share a point: 1 is k-means.
    effort : int, default 5
        How hard to search for the initial means, 1 (fastest) to 10 (best).
    n_init : int, default 1
        Searches with different seeds; the best is kept.
    init : "search" or array of shape (n_clusters, n_features)
    max_iter : int, default 300
    tol : float, default 1e-6
        The relative change of the objective at which the fit has converged.
    random_state : int, RandomState or None
    threads : int, optional
        The most threads; one for each processor if it is left out.

    Attributes
    ----------
    cluster_centers_ : array of shape (n_clusters, n_features)
    labels_ : array of shape (n_samples,)
    inertia_ : float
        The weighted sum of squared distances to the nearest centre.
    n_iter_ : int
    model_ : quantize.Model

    Examples
    --------
    >>> import numpy as np
    >>> from quantize.sklearn import TruncatedKMeans
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> kmeans = TruncatedKMeans(n_clusters=2, random_state=0).fit(X)
    >>> np.sort(kmeans.cluster_centers_.ravel())
    array([ 0.5, 10.5])
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        cprime: int = 1,
        effort: int = 5,
        n_init: int = 1,
        init: Literal["search"] | ArrayLike = "search",
        max_iter: int = 300,
        tol: float = 1e-6,
        random_state: Any = None,
        threads: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.cprime = cprime
        self.effort = effort
        self.n_init = n_init
        self.init = init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.threads = threads

    def _count(self) -> int:
        return self.n_clusters

    def _settings(self) -> dict[str, Any]:
        return {"cprime": self.cprime}

    def fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> TruncatedKMeans:
        """Fits the clusters.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
        y : ignored
        sample_weight : array of shape (n_samples,), optional
        """
        data = self._check_data(X, reset=True)
        self.__dict__.pop("_sums", None)
        self.model_, points = self._fit_model(data, sample_weight)
        self.cluster_centers_ = self.model_.means.astype(data.dtype)
        self._n_features_out = len(self.cluster_centers_)
        # Points without weight have labels as well.
        labelled = points if len(points) == len(data) else data
        self.labels_ = self._nearest(labelled)
        self.n_iter_ = max(1, len(self.model_.free_energy))
        found = self.model_.evaluate(points, 1, threads=self.threads)
        total = _total(data, sample_weight)
        self.inertia_ = found["inertia"] * total
        return self

    def partial_fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> TruncatedKMeans:
        """Adds a batch to what was fitted; the first one is fitted as `fit` does.

        `labels_` and `inertia_` are those of the batch.
        """
        data = self._check_data(X, reset=not hasattr(self, "_sums"))
        self.model_ = self._partial_model(data, sample_weight, self.cprime)
        self.cluster_centers_ = self.model_.means.astype(data.dtype)
        self._n_features_out = len(self.cluster_centers_)
        self.labels_ = self._nearest(data)
        self.n_iter_ = getattr(self, "n_iter_", 0) + 1
        self.inertia_ = -self._score(data, sample_weight)
        return self

    def _nearest(self, data: Any) -> NDArray[np.int32]:
        return self.model_.predict(data, threads=self.threads).astype(np.int32)

    def _score(self, data: Any, sample_weight: Any) -> float:
        total = _total(data, sample_weight)
        points = _weighted(data, sample_weight)
        found = self.model_.evaluate(points, 1, threads=self.threads)
        return -found["inertia"] * total

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """The cluster whose centre is nearest, of shape (n_samples,)."""
        check_is_fitted(self)
        return self._nearest(self._check_data(X, reset=False))

    def predict_proba(self, X: ArrayLike, *, as_sparse: bool = False) -> Any:
        """How much each cluster is responsible; see TruncatedGaussianMixture."""
        check_is_fitted(self)
        data = self._check_data(X, reset=False)
        return _responsibilities(
            self.model_, data, self.cprime, as_sparse, self.threads
        )

    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """The distance to each centre, of shape (n_samples, n_clusters)."""
        check_is_fitted(self)
        return euclidean_distances(
            self._check_data(X, reset=False), self.cluster_centers_
        )

    def score(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """The inertia of points, negative."""
        check_is_fitted(self)
        return self._score(self._check_data(X, reset=False), sample_weight)


class TruncatedGaussianMixture(DensityMixin, _Truncated):
    """A Gaussian mixture fitted with C' components per point.

    Parameters
    ----------
    n_components : int, default 1
    cprime : int, optional
        C', for how many components a point's responsibilities are kept; all of
        them if it is left out, which is full EM.
    covariance_type : {"tied_spherical", "spherical"}
        One variance, or one for each component.
    weights : {"equal", "learned"}
        The mixing weights.
    tol : float, default 1e-4
        The relative change of F at which the fit has converged, which is about
        where that of `GaussianMixture` ends.
    n_init, init, effort, max_iter, random_state, threads
        As of `TruncatedKMeans`.
    warm_start : bool
        Whether a fit starts at the means of the fit before.

    Attributes
    ----------
    means_ : array of shape (n_components, n_features)
    covariances_ : array of shape (n_components,)
        The variance of each component in each feature.
    weights_ : array of shape (n_components,)
    lower_bound_ : float
        F per sample with C', in nats.
    converged_ : bool
    n_iter_ : int
    model_ : quantize.Model

    Examples
    --------
    >>> import numpy as np
    >>> from quantize.sklearn import TruncatedGaussianMixture
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(m, 1, (300, 2)) for m in (0, 20)])
    >>> mixture = TruncatedGaussianMixture(2, random_state=0).fit(X)
    >>> np.sort(mixture.means_[:, 0]).round().astype(int).tolist()
    [0, 20]
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        cprime: int | None = None,
        covariance_type: Literal["tied_spherical", "spherical"] = "spherical",
        weights: Literal["equal", "learned"] = "learned",
        effort: int = 5,
        n_init: int = 1,
        init: Literal["search"] | ArrayLike = "search",
        max_iter: int = 300,
        tol: float = 1e-4,
        warm_start: bool = False,
        random_state: Any = None,
        threads: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.cprime = cprime
        self.covariance_type = covariance_type
        self.weights = weights
        self.effort = effort
        self.n_init = n_init
        self.init = init
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.random_state = random_state
        self.threads = threads

    def _count(self) -> int:
        return self.n_components

    def _settings(self) -> dict[str, Any]:
        kinds = {"tied_spherical": "tied", "spherical": "spherical"}
        if self.covariance_type not in kinds:
            raise ValueError(
                "covariance_type must be 'tied_spherical' or 'spherical', not "
                f"{self.covariance_type!r}"
            )
        return {
            "cprime": self.n_components if self.cprime is None else self.cprime,
            "covariance_type": kinds[self.covariance_type],
            "weights": self.weights,
        }

    def fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> TruncatedGaussianMixture:
        """Fits the mixture.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
        y : ignored
        sample_weight : array of shape (n_samples,), optional
        """
        data = self._check_data(X, reset=True)
        self.__dict__.pop("_sums", None)
        start = None
        if self.warm_start and hasattr(self, "means_"):
            if self.means_.shape == (self.n_components, data.shape[1]):
                start = np.asarray(self.means_, dtype=np.float64)
        model, points = self._fit_model(data, sample_weight, start)
        return self._take(model, points)

    def partial_fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> TruncatedGaussianMixture:
        """Adds a batch to what was fitted; the first one is fitted as `fit` does.

        `lower_bound_` is that of the batch.
        """
        data = self._check_data(X, reset=not hasattr(self, "_sums"))
        cprime = self._settings()["cprime"]
        model = self._partial_model(data, sample_weight, cprime)
        return self._take(model, _weighted(data, sample_weight))

    def _freedoms(self) -> dict[str, bool]:
        return {
            "learned": self.weights == "learned",
            "separate": self.covariance_type == "spherical",
        }

    def _take(self, model: Model, points: Points) -> TruncatedGaussianMixture:
        self.model_ = model
        self.means_ = model.means
        self.covariances_ = model.variances
        self.weights_ = model.weights
        self.precisions_ = 1 / model.variances
        self.converged_ = model.converged
        self.n_iter_ = max(1, len(model.free_energy))
        self.lower_bound_ = self._bound(points, self._settings()["cprime"])
        return self

    def _bound(self, points: Points, cprime: int | None) -> float:
        return self.model_.evaluate(points, cprime, threads=self.threads)["free_energy"]

    def fit_predict(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.int32]:
        """Fits the mixture, and gives the most responsible component."""
        return self.fit(X, y, sample_weight).predict(X)

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """The most responsible component, of shape (n_samples,)."""
        check_is_fitted(self)
        data = self._check_data(X, reset=False)
        components, _ = self.model_.posterior(data, 1, threads=self.threads)
        return components[:, 0].astype(np.int32)

    def predict_proba(self, X: ArrayLike, *, as_sparse: bool = False) -> Any:
        """How much each component is responsible for each sample.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
        as_sparse : bool
            Whether to return a sparse matrix with C' entries a row.

        Returns
        -------
        array or scipy.sparse.csr_array of shape (n_samples, n_components)
        """
        check_is_fitted(self)
        data = self._check_data(X, reset=False)
        return _responsibilities(
            self.model_, data, self._settings()["cprime"], as_sparse, self.threads
        )

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        """The log-likelihood of each sample, in nats."""
        check_is_fitted(self)
        data = self._check_data(X, reset=False)
        result = np.empty(len(data))
        with np.errstate(divide="ignore"):
            offset = np.log(self.weights_) - 0.5 * data.shape[1] * np.log(
                2 * np.pi * self.covariances_
            )
        # As many rows at a time as take some 32 MB.
        step = max(1, (1 << 22) // len(self.means_))
        for first in range(0, len(data), step):
            rows = np.asarray(data[first : first + step], dtype=np.float64)
            squares = euclidean_distances(rows, self.means_, squared=True)
            joint = offset - squares / (2 * self.covariances_)
            most = joint.max(axis=1)
            shares = np.exp(joint - most[:, np.newaxis])
            result[first : first + step] = most + np.log(shares.sum(axis=1))
        return result

    def score(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """The mean log-likelihood of samples, in nats."""
        check_is_fitted(self)
        data = self._check_data(X, reset=False)
        return self._bound(_weighted(data, sample_weight), None)

    def _parameters(self) -> int:
        components, features = self.means_.shape
        variances = components if self.covariance_type == "spherical" else 1
        mixing = components - 1 if self.weights == "learned" else 0
        return components * features + variances + mixing

    def bic(self, X: ArrayLike) -> float:
        """The Bayesian information criterion; lower is better."""
        count = len(self._check_data(X, reset=False))
        return -2 * self.score(X) * count + self._parameters() * np.log(count)

    def aic(self, X: ArrayLike) -> float:
        """The Akaike information criterion; lower is better."""
        count = len(self._check_data(X, reset=False))
        return -2 * self.score(X) * count + 2 * self._parameters()

    def sample(
        self, n_samples: int = 1
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Draws samples, and the component of each."""
        check_is_fitted(self)
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, not {n_samples}")
        random = check_random_state(self.random_state)
        counts = random.multinomial(n_samples, self.weights_ / self.weights_.sum())
        labels = np.repeat(np.arange(len(counts)), counts)
        noise = random.standard_normal((n_samples, self.means_.shape[1]))
        spread = np.sqrt(self.covariances_)[labels, np.newaxis]
        return self.means_[labels] + spread * noise, labels


def _total(data: Any, sample_weight: Any) -> float:
    if sample_weight is None:
        return float(len(data))
    return float(np.asarray(sample_weight, dtype=np.float64).sum())


def _weighted(data: Any, sample_weight: Any) -> Points:
    if sample_weight is None:
        return Points(data)
    return Points(data, _check_sample_weight(sample_weight, data, dtype=np.float64))


def _responsibilities(
    model: Model, data: Any, cprime: int, as_sparse: bool, threads: int | None
) -> Any:
    total = len(model.means)
    kept = min(cprime, total)
    components, shares = model.posterior(data, kept, threads=threads)
    if as_sparse:
        starts = np.arange(len(data) + 1) * kept
        matrix = sparse.csr_array(
            (shares.ravel(), components.ravel().astype(np.int32), starts),
            shape=(len(data), total),
        )
        matrix.sort_indices()
        return matrix
    dense = np.zeros((len(data), total), dtype=np.float64)
    np.put_along_axis(dense, components.astype(np.intp), shares.astype(np.float64), 1)
    return dense
