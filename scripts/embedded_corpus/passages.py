"""Hand-written passages and dialogues, used as they stand, and small tasks on passages."""

from pathlib import Path
from random import Random

from embedded_corpus.chat import chat


def load_passages(folder: Path) -> list[str]:
    """Pieces of `passages_*.txt`, parted by blank lines."""
    return [
        piece
        for path in sorted(folder.glob("passages_*.txt"))
        for piece in path.read_text("utf-8").strip().split("\n\n")
    ]


def load_dialogues(folder: Path) -> list[list[str]]:
    """Turns of each dialogue in `dialogues_*.txt`: lines `问：` and `答：` (or `Q:` and `A:`) in alternation."""
    found = []
    for path in sorted(folder.glob("dialogues_*.txt")):
        for block in path.read_text("utf-8").strip().split("\n\n"):
            found.append([line[2:].strip() for line in block.split("\n")])
    return found


def load_sections(path: Path) -> dict[str, list[str]]:
    """`# title` followed by one entry a line."""
    sections: dict[str, list[str]] = {}
    for block in path.read_text("utf-8").split("# ")[1:]:
        title, *lines = block.strip().split("\n")
        sections[title.strip()] = [line for line in lines if line]
    return sections


def handling(passage: str, rng: Random) -> str:
    """Something to do with a passage: go on from its first sentence, or give one of its sentences back."""
    first, stop, rest = passage.partition("。")
    if rng.random() < 0.5 and rest:
        ask = rng.choice(("请接着写下去：", "续写下面的开头：", "把这个开头写完整："))
        return chat(f"{ask}{first}{stop}", rest)
    place, ask = rng.choice(
        (
            (0, "下面这段话的第一句是什么？"),
            (-1, "下面这段话的最后一句是什么？"),
            (0, "抄写这段话的开头一句。"),
        )
    )
    sentences = passage.rstrip("。").split("。")
    return chat(f"{ask}\n{passage}", sentences[place] + "。")
