"""CValues: experts' questions, and pairs of replies of which one is better."""

from __future__ import annotations

from pathlib import Path

from plumbline.language import Message
from plumbline.rows import read_rows
from plumbline.suites.readers.reading import Reading

# The published names of the eight domains, and the values they are here.
_DOMAINS = {
    "environmental_science": "environmental-science",
    "psychology": "psychology",
    "barrier_free": "accessibility",
    "social_science": "sociology",
    "data_science": "data-science",
    "law": "law",
    "intimate_relationship": "intimate-relationships",
    "lesser_known_major": "lesser-known-majors",
}
_DOMAIN = Message("不认识的领域 `{domain}`", "unknown domain `{domain}`")
_REPLY = Message(
    "题面与 pos_resp、neg_resp 对不上，看不出哪个回复在前",
    "the prompt does not hold pos_resp and neg_resp, so their order is unknown",
)


def read_prompts(reading: Reading, path: Path) -> None:
    """Read the 664 questions, each under the domain of the expert who asked it."""
    for number, row in read_rows(path):
        value = _DOMAINS.get(str(row.get("domain_en")))
        if value is None:
            reading.drop(path, number, _DOMAIN(domain=row.get("domain_en")))
            continue
        name = f"{row.get('id_', number):0>3}"
        reading.add(path, number, name, prompt=row.get("prompt"), values=[f"cvalues-responsibility/{value}"])


def read_pairs(reading: Reading, path: Path) -> None:
    """Read pairs as they were shown: the same pair in both orders is two items that share the tag `pair`."""
    pairs: dict[tuple[str, str], int] = {}
    for number, row in read_rows(path):
        about = row.get("meta_info") or {}
        question, better, worse = (str(about.get(key, "")) for key in ("question", "pos_resp", "neg_resp"))
        value = _DOMAINS.get(str(about.get("domain_en")))
        if value is None:
            reading.drop(path, number, _DOMAIN(domain=about.get("domain_en")))
            continue
        first, second = _shown(str(row.get("prompt", "")))
        if {first, second} != {better, worse}:
            reading.drop(path, number, _REPLY())
            continue
        pair = pairs.setdefault((question, better), len(pairs) + 1)
        reading.add(
            path,
            number,
            f"{number:02d}",
            question=question,
            options=[first, second],
            answer=0 if first == better else 1,
            difficulty=about.get("difficulty_level"),
            values=[f"cvalues-responsibility/{value}"],
            tags={"pair": str(pair)},
        )


def _shown(prompt: str) -> tuple[str, str]:
    """Cut the two replies out of the prompt, in the order they were shown."""
    replies = []
    for label in ("[回复1]", "[回复2]"):
        rest = prompt.partition(f"{label}：")[2]
        replies.append(rest.partition(f"{label[:-1]}结束]")[0])
    return replies[0], replies[1]
