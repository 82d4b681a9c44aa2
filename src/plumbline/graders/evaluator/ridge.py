"""Ridge regression and a sharper kin on all labels at once, by a kernel that is never built.

With the centred kernel K = X X^T of n texts, alpha = (K + l I)^-1 (Y - mean Y) and weights X^T alpha (Hoerl
and Kennard 1970; Saunders, Gammerman and Vovk 1998). K only ever multiplies: two sparse products a step,
some ten steps in all, so that folds cost little and any number of rows will do.

Ridge regression shrinks what the texts have in common (directions of large variance) and what single texts
have to themselves alike gently: by v / (v + l) along a direction of variance v. A filter of a higher order
parts them more sharply, as a Butterworth filter parts low from high frequencies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
# Products are in single precision.
_ROUNDING = 1e-5


class Fit(NamedTuple):
    """Weights [grams, values] and intercept [values]."""

    weights: npt.NDArray[np.float32]
    intercept: Array

    def predict(self, features: csr_array) -> Array:
        """Return scores [n, values]."""
        return np.asarray(features @ self.weights, dtype=np.float64) + self.intercept


def fit_ridge(features: csr_array, labels: npt.ArrayLike, penalty: float, *, tolerance: float = 1e-3) -> Fit:
    """Fit one ridge regression a column of `labels`.

    Args:
        features: X [n, grams], not centred.
        labels: Y [n, values].
        penalty: l > 0.
        tolerance: Of `conjugate_gradients`.
    """
    y = np.asarray(labels, dtype=np.float64)
    alpha = conjugate_gradients(features, y - y.mean(axis=0), penalty, tolerance=tolerance)
    return _fit_of(alpha, features, y)


def fit_sharp(
    features: csr_array, labels: npt.ArrayLike, edge: float, *, order: int = 3, steps: int = 16
) -> Fit:
    """Fit one regression a column of `labels` that leaves v^k / (v^k + e^k) along a direction of variance v.

    alpha = f(K) (Y - mean Y) with f(v) = v^(k-1) / (v^k + e^k), by the Lanczos process with full
    orthogonalisation (Golub and Van Loan 2013, section 10.1; Higham 2008, section 13.2). Order 1 is ridge
    regression with the penalty e.

    Args:
        features: X [n, grams], not centred.
        labels: Y [n, values].
        edge: e > 0, where half remains.
        order: k.
        steps: Of the process: products with K.
    """
    y = np.asarray(labels, dtype=np.float64)
    centred = y - y.mean(axis=0)
    basis, diagonal, beside = lanczos(features, centred, min(steps, len(y)))
    alpha, length = np.zeros_like(y), np.sqrt((centred**2).sum(axis=0))
    for j in range(y.shape[1]):
        small = np.diag(diagonal[:, j]) + np.diag(beside[:-1, j], 1) + np.diag(beside[:-1, j], -1)
        variance, vectors = np.linalg.eigh(small)
        variance = np.maximum(variance, 0)
        filtered = variance ** (order - 1) / (variance**order + edge**order)
        alpha[:, j] = length[j] * (vectors @ (filtered * vectors[0])) @ basis[:, :, j]
    return _fit_of(alpha, features, y)


def _fit_of(alpha: Array, features: csr_array, y: Array) -> Fit:
    # alpha sums to 0 but for rounding, so the means of the features only move the intercept.
    weights = np.asarray(features.T @ (alpha - alpha.mean(axis=0)).astype(np.float32))
    means = np.asarray(features.mean(axis=0, dtype=np.float64)).ravel()
    return Fit(weights, y.mean(axis=0) - means @ weights)


def conjugate_gradients(
    features: csr_array, right: Array, penalty: float, *, tolerance: float = 1e-3, most: int = 200
) -> Array:
    """Solve (K + l I) alpha = right for all values at once (Hestenes and Stiefel 1952).

    Args:
        features: X [n, grams], not centred.
        right: Columns that sum to 0 [n, values].
        penalty: l > 0.
        tolerance: Of the residual, relative to `right`: far below the noise of labels.
        most: Steps.
    """

    times = _kernel(features)
    alpha, residual = np.zeros_like(right), right.copy()
    direction, square = residual.copy(), (residual**2).sum(axis=0)
    goal = tolerance**2 * np.maximum(square, 1e-30)
    for _ in range(most):
        if (square <= goal).all():
            break
        product = times(direction) + penalty * direction
        step = square / np.maximum((direction * product).sum(axis=0), 1e-300)
        alpha += step * direction
        residual -= step * product
        before, square = square, (residual**2).sum(axis=0)
        direction = residual + square / np.maximum(before, 1e-300) * direction
    return alpha


def lanczos(features: csr_array, start: Array, steps: int) -> tuple[Array, Array, Array]:
    """Return an orthonormal basis of K's Krylov space a value, and K within it, which is tridiagonal.

    Args:
        features: X [n, grams], not centred.
        start: Columns that sum to 0 [n, values].
        steps: Vectors of the basis.

    Returns:
        Basis [steps, n, values], diagonal [steps, values], and what stands beside it [steps, values].
    """
    times = _kernel(features)
    basis = np.zeros((steps, *start.shape))
    diagonal, beside = np.zeros((2, steps, start.shape[1]))
    following, length = start, np.sqrt((start**2).sum(axis=0))
    for k in range(steps):
        # Where the space ends, what is left is rounding: zeros then stand for the rest.
        ends = length <= _ROUNDING * max(float(diagonal.max()), 1.0)
        basis[k] = np.where(ends, 0.0, following / np.where(ends, 1.0, length))
        if k:
            beside[k - 1] = np.where(ends, 0.0, length)
        following = times(basis[k])
        diagonal[k] = (basis[k] * following).sum(axis=0)
        within = np.einsum("knv,nv->kv", basis[: k + 1], following)
        following = following - np.einsum("knv,kv->nv", basis[: k + 1], within)
        length = np.sqrt((following**2).sum(axis=0))
    return basis, diagonal, beside


def _kernel(features: csr_array) -> Callable[[Array], Array]:
    """Return the product with the centred kernel K [n, values] -> [n, values]."""
    from scipy.sparse import csr_array

    # K does not depend on the order of the n-grams. With the frequent ones side by side, more of what a
    # product gathers is in the processor's cache.
    order = np.argsort(-np.bincount(features.indices, minlength=features.shape[1]), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ordered = csr_array((features.data, place[features.indices], features.indptr), shape=features.shape)
    turned = ordered.T.tocsr()

    def times(x: Array) -> Array:
        inner = (x - x.mean(axis=0)).astype(np.float32)
        product = np.asarray(ordered @ (turned @ inner), dtype=np.float64)
        return np.asarray(product - product.mean(axis=0))

    return times
