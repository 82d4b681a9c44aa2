"""A bilingual lexicon learnt from pairs: does a translation say what the original says? No model, no
download.

IBM Model 1 (Brown et al., 1993) between Chinese character bigrams and English words, in sparse arrays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[a-z]+|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]+|\d+|[a-z]+")
_ROUNDS = 6
_STEM = 5
# Words of every sentence tie nothing to nothing.
_NONE = "∅"


@dataclass(frozen=True)
class Lexicon:
    """P(English word | Chinese bigram), learnt.

    Attributes:
        chinese: Bigram -> row.
        english: Word -> column.
        pairs: `row * columns + column` of the entries, sorted `[entries]`.
        chances: Their probabilities `[entries]`.
        plain: P(word) without any Chinese `[columns]`.
    """

    chinese: dict[str, int]
    english: dict[str, int]
    pairs: NDArray[np.int64]
    chances: NDArray[np.float64]
    plain: NDArray[np.float64]

    def score(self, chinese: str, english: str) -> float:
        """Return how much more likely the English is given the Chinese than without it, in nats per known
        word.

        Above 0 the Chinese helps to predict the words; 0 when no word is known.
        """
        rows = np.array(
            [self.chinese[part] for part in chinese_parts(chinese) if part in self.chinese], np.int64
        )
        columns = np.array(
            [self.english[word] for word in english_parts(english) if word in self.english], np.int64
        )
        if not len(columns) or not len(rows):
            return 0.0
        wanted = rows[:, None] * len(self.english) + columns[None, :]  # (bigrams, words)
        at = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        chances = np.where(self.pairs[at] == wanted, self.chances[at], 0.0).mean(axis=0)
        # A tenth of plain chance keeps one unknown word from deciding everything.
        plain = self.plain[columns]
        return float(np.mean(np.log((0.9 * chances + 0.1 * plain) / plain)))


def learn_lexicon(pairs: Sequence[tuple[str, str]]) -> Lexicon:
    """Learn from `(Chinese, English)` sentence pairs."""
    chinese: dict[str, int] = {}
    english: dict[str, int] = {}
    rows, columns, sentences = [], [], []
    counts: list[int] = []
    for number, (zh, en) in enumerate(pairs):
        left = [chinese.setdefault(part, len(chinese)) for part in dict.fromkeys(chinese_parts(zh))]
        right = [english.setdefault(word, len(english)) for word in dict.fromkeys(english_parts(en))]
        counts += right
        rows += [row for row in left for _ in right]
        columns += right * len(left)
        sentences += [number] * (len(left) * len(right))
    row, column = np.array(rows, np.int64), np.array(columns, np.int64)
    keys, entry = np.unique(row * max(len(english), 1) + column, return_inverse=True)
    # One word of one sentence shares out its count among the bigrams of that sentence.
    _, word = np.unique(np.array(sentences, np.int64) * max(len(english), 1) + column, return_inverse=True)
    chances = np.ones(len(keys))
    owner = keys // max(len(english), 1)
    for _ in range(_ROUNDS):
        weight = chances[entry]
        share = weight / np.bincount(word, weight)[word]
        expected = np.bincount(entry, share, minlength=len(keys))
        chances = expected / np.bincount(owner, expected)[owner]
    plain = np.bincount(np.array(counts, np.int64), minlength=len(english)) + 1.0
    return Lexicon(chinese, english, keys, chances, plain / plain.sum())


def chinese_parts(text: str) -> list[str]:
    """Return the bigrams of Chinese runs, and numbers and Latin words whole; `∅` stands for no word."""
    parts = [_NONE]
    for run in _HAN.findall(text.lower()):
        parts += [run[at : at + 2] for at in range(len(run) - 1)] if "\u4e00" <= run[0] <= "\u9fff" else [run]
    return parts


def english_parts(text: str) -> list[str]:
    """Return lower-case words cut to their first letters, which stand for the stem."""
    return [word[:_STEM] for word in _WORD.findall(text.lower())]
