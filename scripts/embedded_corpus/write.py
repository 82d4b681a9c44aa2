"""Put the corpus together: so many documents of each sort, in one shuffled list."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from embedded_corpus import forms, passages, stories, topics, words
from embedded_corpus.chat import chat

TEXT = Path(__file__).parent / "text"

# Share of each sort of document.
SHARES = {
    "hand-written": 0.11,
    "handling": 0.06,
    "story": 0.12,
    "essay": 0.08,
    "conversation": 0.18,
    "comparison": 0.12,
    "lettered": 0.07,
    "guessing": 0.03,
    "agreement": 0.04,
    "declining": 0.04,
    "words": 0.05,
    "english": 0.10,
}


@dataclass(frozen=True)
class Corpus:
    """Documents as text (chats in ChatML), how many of each sort, and those that were written by hand."""

    documents: list[str]
    sorts: dict[str, int]
    hand_written: list[str]


def write_corpus(seed: int, count: int) -> Corpus:
    """`count` documents, the same for the same seed and sources; exact repeats of generated ones are dropped."""
    rng = Random(seed)
    makers = _makers(rng)
    drawn: list[tuple[str, str]] = []
    for sort, share in SHARES.items():
        drawn += [(sort, makers[sort](number)) for number in range(round(share * count))]
    seen: set[str] = set()
    kept = []
    for sort, text in drawn:
        if sort == "hand-written" or text not in seen:
            kept.append((sort, text))
            seen.add(text)
    rng.shuffle(kept)
    return Corpus(
        documents=[text for _, text in kept],
        sorts=dict(Counter(sort for sort, _ in kept)),
        hand_written=[
            *passages.load_passages(TEXT),
            *(chat(*turns) for turns in passages.load_dialogues(TEXT)),
        ],
    )


def _makers(rng: Random) -> dict[str, Callable[[int], str]]:
    """For each sort, a function from a running number to a document."""
    subjects = topics.load_topics(TEXT)
    kinds = words.load_kinds(TEXT / "words.txt")
    pieces = passages.load_passages(TEXT)
    dialogues = passages.load_dialogues(TEXT)
    own = [*pieces, *(chat(*turns) for turns in dialogues)]
    requests = passages.load_sections(TEXT / "declines.txt")
    tales = stories.load_stories(TEXT / "stories.txt")
    english = stories.load_stories(TEXT / "english.txt")

    def pair() -> tuple[str, str]:
        if rng.random() < 0.4:
            turns = rng.choice(dialogues)
            return turns[0], turns[1]
        return topics.question_and_answer(rng.choice(subjects), rng)

    def compared(number: int) -> str:
        asked, other = pair(), pair()
        while other[0] == asked[0] or asked[0].isascii() != other[0].isascii():
            other = pair()
        return forms.comparison(asked, other[1], 1 + number % 2, rng)

    def small(number: int) -> str:
        maker = (words.which, words.true_or_false, words.listing)[number % 3]
        return words.arithmetic(rng) if number % 10 == 0 else maker(kinds, rng)

    return {
        "hand-written": lambda number: own[number % len(own)],
        "handling": lambda number: passages.handling(rng.choice(pieces), rng),
        "story": lambda number: stories.story(tales, rng),
        "essay": lambda number: topics.essay(rng.choice(subjects), rng),
        "conversation": lambda number: topics.conversation(rng.choice(subjects), rng),
        "comparison": compared,
        "lettered": lambda number: forms.lettered(rng.choice(subjects), subjects, rng),
        "guessing": lambda number: topics.guessing(rng.choice(subjects), subjects, rng),
        "agreement": lambda number: forms.agreement(kinds, rng),
        "declining": lambda number: forms.declining(requests, rng),
        "words": small,
        "english": lambda number: stories.story(english, rng),
    }
