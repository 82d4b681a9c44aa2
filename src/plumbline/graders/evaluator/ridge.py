"""Ridge regression on all labels at once, by conjugate gradients on the kernel that is never built.

With the centred kernel K = X X^T of n texts, alpha = (K + l I)^-1 (Y - mean Y) and weights X^T alpha (Hoerl
and Kennard 1970; Saunders, Gammerman and Vovk 1998). K only ever multiplies: two sparse products a step,
some ten steps in all, so that folds cost little and any number of rows will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]


class Fit(NamedTuple):
    """Weights [grams, values] and intercept [values]."""

    weights: npt.NDArray[np.float32]
    intercept: Array

    def predict(self, features: csr_array) -> Array:
        """Return scores [n, values]."""
        return np.asarray(features @ self.weights, dtype=np.float64) + self.intercept


def fit_ridge(features: csr_array, labels: npt.ArrayLike, penalty: float) -> Fit:
    """Fit one ridge regression a column of `labels`.

    Args:
        features: X [n, grams], not centred.
        labels: Y [n, values].
        penalty: l > 0.
    """
    y = np.asarray(labels, dtype=np.float64)
    alpha = conjugate_gradients(features, y - y.mean(axis=0), penalty)
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

    def times(x: Array) -> Array:
        inner = (x - x.mean(axis=0)).astype(np.float32)
        product = np.asarray(features @ (turned @ inner), dtype=np.float64)
        return np.asarray(product - product.mean(axis=0) + penalty * x)

    turned = features.T
    alpha, residual = np.zeros_like(right), right.copy()
    direction, square = residual.copy(), (residual**2).sum(axis=0)
    goal = tolerance**2 * np.maximum(square, 1e-30)
    for _ in range(most):
        if (square <= goal).all():
            break
        product = times(direction)
        step = square / np.maximum((direction * product).sum(axis=0), 1e-300)
        alpha += step * direction
        residual -= step * product
        before, square = square, (residual**2).sum(axis=0)
        direction = residual + square / np.maximum(before, 1e-300) * direction
    return alpha
