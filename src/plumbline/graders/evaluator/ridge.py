"""Ridge regression on all labels at once, in the kernel's form, with exact leave-group-out predictions.

With the centred kernel K = X X^T of n texts, alpha = (K + l I)^-1 (Y - mean Y) and weights X^T alpha (Hoerl
and Kennard 1970; Saunders, Gammerman and Vovk 1998). What a model fitted without the rows of a group G
predicts for them needs no second fit: with C = (K + l I)^-1 the residuals are (l C_GG - 11^T / n)^-1 l
alpha_G (Cook and Weisberg 1982, section 2.2, for G of several rows; the 11^T / n is the intercept's
leverage). So thresholds, calibration and the choice of l rest on predictions for unseen rows, from one
factorisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]

LARGEST_KERNEL = 12_000
"""Rows up to which the kernel [n, n] is held; beyond, conjugate gradients over folds do the same work."""


@dataclass(frozen=True)
class Ridge:
    """A fit for one strength of the penalty.

    Attributes:
        penalty: l above.
        weights: [grams, values].
        intercept: [values].
        unseen: Prediction for each row by a fit that has not seen its group [n, values].
    """

    penalty: float
    weights: npt.NDArray[np.float32]
    intercept: Array
    unseen: Array


def fit_ridge(
    features: csr_array, labels: npt.ArrayLike, groups: npt.ArrayLike, penalty: float, *, seed: int = 0
) -> Ridge:
    """Fit one ridge regression a column of `labels`.

    Args:
        features: X [n, grams], not centred.
        labels: Y [n, values].
        groups: Rows of one group are left out together [n].
        penalty: l > 0.
        seed: Of the folds beyond `LARGEST_KERNEL` rows.
    """
    y = np.asarray(labels, dtype=np.float64)
    if len(y) <= LARGEST_KERNEL:
        return _fit_kernel(features, y, np.asarray(groups), penalty)
    return _fit_gradients(features, y, np.asarray(groups), penalty, seed)


def _fit_kernel(features: csr_array, y: Array, groups: npt.NDArray[np.int64], penalty: float) -> Ridge:
    from scipy.linalg import lapack

    n = len(y)
    kernel = _centred_kernel(features)  # (n, n)
    kernel[np.diag_indices(n)] += penalty
    factor, failed = lapack.spotrf(kernel.T, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise np.linalg.LinAlgError("the penalised kernel is not positive definite")
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)  # C, lower half (n, n)
    del factor, kernel
    lower = np.tril(inverse)
    centred = y - y.mean(axis=0)
    diagonal = np.diag(lower).astype(np.float64)
    right = centred.astype(np.float32)
    alpha = (lower @ right + lower.T @ right - np.diag(lower)[:, None] * right).astype(
        np.float64
    )  # (n, values)
    residual = penalty * alpha / (penalty * diagonal - 1 / n)[:, None]
    for rows in _groups_of_several(groups):
        block = lower[np.ix_(rows, rows)].astype(np.float64)
        block = np.tril(block) + np.tril(block, -1).T  # rows are sorted, so the lower half is there
        residual[rows] = np.linalg.solve(penalty * block - 1 / n, penalty * alpha[rows])
    weights, intercept = _primal(features, alpha, y)
    return Ridge(penalty, weights, intercept, y - residual)


def _centred_kernel(features: csr_array) -> npt.NDArray[np.float32]:
    n, turned = features.shape[0], features.T.tocsr()
    kernel = np.empty((n, n), dtype=np.float32)
    for start in range(
        0, n, 512
    ):  # the sparse product of all rows would take three times the kernel's memory
        kernel[start : start + 512] = (features[start : start + 512] @ turned).toarray()
    means = kernel.mean(axis=0, dtype=np.float64)
    kernel -= means[None, :].astype(np.float32)
    kernel -= means[:, None].astype(np.float32)
    kernel += np.float32(means.mean())
    return kernel


def _groups_of_several(groups: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    names, counts = np.unique(groups, return_counts=True)
    return [np.flatnonzero(groups == name) for name in names[counts > 1]]


def _primal(features: csr_array, alpha: Array, y: Array) -> tuple[npt.NDArray[np.float32], Array]:
    """Return weights [grams, values] and intercept [values]; centring moves into the intercept."""
    # Centred features times alpha: alpha sums to 0, so the means of the features fall out of the weights.
    balanced = alpha - alpha.mean(axis=0)
    weights = np.asarray(features.T @ balanced)
    means = np.asarray(features.mean(axis=0)).ravel()
    return weights.astype(np.float32), y.mean(axis=0) - means @ weights


def _fit_gradients(
    features: csr_array, y: Array, groups: npt.NDArray[np.int64], penalty: float, seed: int, count: int = 5
) -> Ridge:
    """As `_fit_kernel` without the kernel: conjugate gradients, and predictions from `count` folds."""
    from plumbline.graders.evaluator.split import folds

    unseen = np.zeros_like(y)
    fold = folds(y, groups, count, seed)
    for number in range(count):
        held = fold == number
        weights, intercept = _primal(features[~held], _alpha(features[~held], y[~held], penalty), y[~held])
        unseen[held] = features[held] @ weights + intercept
    weights, intercept = _primal(features, _alpha(features, y, penalty), y)
    return Ridge(penalty, weights, intercept, unseen)


def _alpha(
    features: csr_array, y: Array, penalty: float, *, tolerance: float = 1e-4, most: int = 200
) -> Array:
    """Solve (K + l I) alpha = centred y for all values by conjugate gradients (Hestenes and Stiefel 1952)."""
    right = y - y.mean(axis=0)

    def times(x: Array) -> Array:
        inner = x - x.mean(axis=0)
        product = np.asarray(features @ np.asarray(features.T @ inner), dtype=np.float64)
        return np.asarray(product - product.mean(axis=0) + penalty * x)

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
    return np.asarray(alpha)
