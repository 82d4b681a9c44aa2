"""The text that the embedded model is trained on: ours, written by a machine, made the same from the same seed.

`write_corpus(seed, documents)` is the whole public face. Hand-written sources lie in `text/`; the modules
beside it combine them: `topics` (essays and answers), `stories` (bracket grammar), `forms` (comparing two
replies, letters, agreeing, declining), `words` (kinds of things), `passages` (pieces used as they stand).
"""

from embedded_corpus.write import Corpus, write_corpus

__all__ = ["Corpus", "write_corpus"]
