"""Kinds of things: lists, odd ones out, true or false, sums. Short questions with short sure answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from embedded_corpus.chat import chat


def load_kinds(path: Path) -> dict[str, list[str]]:
    """Read lines of the form `水果：苹果、梨、桃`."""
    lines = path.read_text("utf-8").strip().split("\n")
    return {kind: members.split("、") for kind, _, members in (line.partition("：") for line in lines)}


def which(kinds: Mapping[str, Sequence[str]], rng: Random) -> str:
    """Pick the member of a kind, or the one that does not belong, by letter."""
    kind, other = rng.sample(sorted(kinds), 2)
    odd = rng.random() < 0.4
    many, single = (kind, other) if odd else (other, kind)
    count = rng.choice((2, 3, 4))
    right = rng.choice([word for word in kinds[single] if word not in kinds[many]])
    options = [right, *rng.sample([word for word in kinds[many] if word not in kinds[single]], count - 1)]
    rng.shuffle(options)
    lines = "\n".join(f"{letter}. {word}" for letter, word in zip("ABCD", options, strict=False))
    letter = "ABCD"[options.index(right)]
    ask = f"下面哪一个不是{kind}？" if odd else f"下面哪一个是{kind}？"
    tail = rng.choice(("请只回答字母。", "答案：", "请选择。"))
    return chat(f"{ask}\n{lines}\n{tail}", letter if rng.random() < 0.7 else f"{letter}. {right}")


def true_or_false(kinds: Mapping[str, Sequence[str]], rng: Random) -> str:
    """Whether a thing is of a kind, in one of the usual pairs of words."""
    kind, other = rng.sample(sorted(kinds), 2)
    holds = rng.random() < 0.5
    word = rng.choice([w for w in kinds[kind] if w not in kinds[other]])
    yes, no, tail = rng.choice(
        (
            ("对", "不对", "对吗？"),
            ("是", "不是", "是不是？"),
            ("同意", "不同意", "你同意吗？"),
            ("正确", "错误", "请判断正误。"),
        )
    )
    claim = f"{word}{rng.choice(('是一种', '属于'))}{kind if holds else other}。"
    reply = f"{yes}。" if holds else f"{no}。{word}属于{kind}。"
    return chat(claim + tail, reply)


def listing(kinds: Mapping[str, Sequence[str]], rng: Random) -> str:
    """Name a few of a kind, or say what a thing is."""
    kind = rng.choice(sorted(kinds))
    if rng.random() < 0.4:
        word = rng.choice(kinds[kind])
        return chat(
            rng.choice((f"{word}是什么？", f"{word}属于哪一类？", f"什么是{word}？")), f"{word}属于{kind}。"
        )
    count = rng.choice((2, 3, 4, 5))
    words = rng.sample(kinds[kind], count)
    number = "零一两三四五"[count]
    ask = rng.choice(
        (f"说出{number}种{kind}。", f"请举出{number}个{kind}的例子。", f"{kind}有哪些？举{number}个例子。")
    )
    return chat(ask, rng.choice(("", "比如")) + "、".join(words) + "。")


def arithmetic(rng: Random) -> str:
    """A sum or difference of small numbers."""
    first, second = rng.randint(0, 20), rng.randint(0, 20)
    if rng.random() < 0.5:
        ask, value = rng.choice((f"{first}加{second}等于几？", f"{first}+{second}=?")), first + second
    else:
        first, second = max(first, second), min(first, second)
        ask, value = rng.choice((f"{first}减{second}等于几？", f"{first}-{second}=?")), first - second
    return chat(ask, rng.choice((f"{value}", f"等于{value}。")))
