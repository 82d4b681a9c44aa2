"""Hand-written passages and dialogues, used as they stand."""

from pathlib import Path

from embedded_corpus.chat import chat


def load_passages(folder: Path) -> list[str]:
    """`passages_*.txt` (parted by blank lines) and `dialogues_*.txt` (lines `问：` and `答：` in turn)."""
    found = []
    for path in sorted(folder.glob("passages_*.txt")):
        found += path.read_text("utf-8").strip().split("\n\n")
    for path in sorted(folder.glob("dialogues_*.txt")):
        found += [_dialogue(block) for block in path.read_text("utf-8").strip().split("\n\n")]
    return found


def load_sections(path: Path) -> dict[str, list[str]]:
    """`# title` followed by one entry a line."""
    sections: dict[str, list[str]] = {}
    for block in path.read_text("utf-8").split("# ")[1:]:
        title, *lines = block.strip().split("\n")
        sections[title.strip()] = [line for line in lines if line]
    return sections


def _dialogue(block: str) -> str:
    turns: list[str] = []
    for line in block.split("\n"):
        if line[:2] in ("问：", "答：", "Q: ", "A: "):
            turns.append(line[2:].strip())
        else:
            turns[-1] += "\n" + line
    return chat(*turns)
