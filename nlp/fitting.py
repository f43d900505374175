"""Fitting a linear head when some labels say only which kinds are possible. For training alone: it needs scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlp import answers, ngrams
from nlp.heads import Linear, log_chances

Weights = npt.NDArray[np.float64]
Allowed = npt.NDArray[np.bool_]


def linear(features: Any, allowed: Allowed, *, counts: Weights, ridge: float, rounds: int = 60) -> Linear:
    """The linear head that makes the allowed answers to every question likeliest.

    Args:
        features: (rows, features), dense or sparse.
        allowed: (rows, answers.WIDTH), true where a fair judge would take the answer.
        counts: how much each row counts, (rows,).
        ridge: the price of large weights; larger keeps the head nearer to knowing nothing.
        rounds: steps of L-BFGS for each question, at most.
    """
    heads = [
        one_question(features, allowed[:, question], counts=counts, ridge=ridge, rounds=rounds)
        for question in answers.QUESTIONS.values()
    ]
    return Linear(np.hstack([head.weights for head in heads]), np.concatenate([head.bias for head in heads]))


def one_question(
    features: Any, allowed: Allowed, *, counts: Weights, ridge: float, rounds: int = 60, known: Weights | None = None
) -> Linear:
    """The linear head for one question, from the rows of which something is said; arguments as for `linear`.

    `known` is what the answers score already, (rows, answers). Then the head is what is to be added to that, and it has
    no bias: how common each answer is has been learned before.
    """
    biased = known is None
    known = np.zeros(allowed.shape) if known is None else known
    said = ~allowed.all(axis=1)
    features, allowed, counts, known = features[said], allowed[said], counts[said], known[said]
    counts = counts / counts.sum() * len(counts)
    width, choices = features.shape[1], allowed.shape[1]

    def loss(flat: Weights) -> tuple[float, Weights]:
        weights, bias = flat[:-choices].reshape(width, choices), flat[-choices:]
        logs = log_chances(known + features @ weights + bias)
        chances = np.exp(logs)
        taken = np.where(allowed, chances, 0.0).sum(axis=1).clip(1e-12)
        slope = counts[:, None] * (chances - np.where(allowed, chances, 0.0) / taken[:, None])
        down = np.asarray(features.T @ slope) + ridge * weights
        unlikely = -float((counts * np.log(taken)).sum()) + 0.5 * ridge * float((weights**2).sum())
        return unlikely, np.concatenate([down.ravel(), biased * slope.sum(axis=0)])

    start = np.zeros((width + 1) * choices)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8}).x
    return Linear(found[:-choices].reshape(width, choices), found[-choices:])


def rarity_of(texts: list[str]) -> Weights:
    """How much each run of words or letters tells by being rare: 1 + ln((1 + texts) / (1 + texts with it)).

    Runs seen only once count nothing: they tell of one note and not of a kind.
    """
    seen = np.zeros(ngrams.BUCKETS)
    for text in texts:
        seen[ngrams.runs(text).columns] += 1
    return np.where(seen > 1, 1.0 + np.log((1.0 + len(texts)) / (1.0 + seen)), 0.0)


def wording_of(texts: list[str], rarity: Weights) -> csr_matrix:
    """The runs of each text, weighed by rarity and scaled to length 1, (texts, ngrams.BUCKETS)."""
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        runs = ngrams.runs(text)
        weighed = rarity[runs.columns] * runs.counts
        weighed /= float(np.linalg.norm(weighed)) or 1.0
        rows.append(np.full(len(weighed), row))
        columns.append(runs.columns)
        values.append(weighed)
    places = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), places), shape=(len(texts), ngrams.BUCKETS))
