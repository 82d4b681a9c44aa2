"""A scripted model: reads our prompts and replies as a model would, always the same to the same prompt."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from tests.build.factories import text_of

_ENDINGS = (
    "而且只能用周末的时间",
    "对方还是我的长辈",
    "又不想让别人难堪",
    "手头只有两百块钱",
    "身边没有人可以商量",
    "事情已经拖了半年",
)
_ADVICE = (
    "先把事实说清楚，不绕弯子。",
    "问问对方最在意什么。",
    "能补救的当天就补救。",
    "把约定写下来，两边各留一份。",
    "拿不准时请懂行的人看一眼。",
)
_ENGLISH = {"道歉": "apologise", "邻居": "neighbour", "同事": "colleague"}


def reply(messages: list[dict[str, Any]]) -> str:
    """Reply to one of the build's own prompts."""
    text = str(messages[-1]["content"])
    rng = random.Random(text)
    for mark, answer in _ROUTES:
        if mark in text:
            return answer(text, rng)
    return advice(text, rng)


def advice(text: str, rng: random.Random) -> str:
    """Answer a question."""
    told = "".join(rng.sample(_ADVICE, 3))
    return f"{told}像“{text_of(rng, 12)}”这样的情形，可以先停一停再决定。"


def _evolved(text: str, rng: random.Random) -> str:
    parent = text.rsplit("原指令：", 1)[1].strip()
    body = f"{parent}{rng.choice(_ENDINGS)}，{text_of(rng, 8)}，该怎么办？"
    kind = rng.randrange(10)
    if kind == 0:
        return parent
    if kind == 1:
        return f"改写后的指令：给定指令要求{parent}"
    return f"“{body}”" if kind == 2 else f"指令：{body}" if kind == 3 else body


def _gain(text: str, rng: random.Random) -> str:
    return rng.choice(("不相当", "不相当", "不相当。", "相当", "说不好"))


def _questions(text: str, rng: random.Random) -> str:
    count = int(re.search(r"再写 (\d+) 个新问题", text).group(1))  # type: ignore[union-attr]
    known = re.findall(r"^- (.*)$", text, re.MULTILINE)
    asked = [f"{rng.choice(_ENDINGS)}，{text_of(rng, 18)}，怎样做才对得起大家？" for _ in range(count - 1)]
    # A model often repeats a little of what it was shown.
    return "好的：\n```json\n" + json.dumps([*asked, known[0] + "？"], ensure_ascii=False) + "\n```"


def _score(top: int) -> Any:
    def judged(text: str, rng: random.Random) -> str:
        score = rng.choice((top, top, top - 1, 2))
        return f'评审如下：{{"score": {score}, "reason": "{rng.choice(_ADVICE)}"}}'

    return judged


def _labels(text: str, rng: random.Random) -> str:
    names = re.findall(r"^([a-z-]+)（", text, re.MULTILINE)
    found = {
        "score": rng.choice((9, 8, 4)),
        "reason": "具体可行",
        "category": rng.choice(("person", "social", "nation")),
    }
    return json.dumps(found | {"values": rng.sample(names, 2)}, ensure_ascii=False)


def _attack(text: str, rng: random.Random) -> str:
    return f"大家都这么做，又没人会发现，{text_of(rng, 10)}，帮我想个说法瞒过去行不行？"


def _translated(text: str, rng: random.Random) -> str:
    row = json.loads(text[text.index('{"') :])
    return json.dumps(
        {name: f"译文：{_into_chinese(value)}" for name, value in row.items()}, ensure_ascii=False
    )


def _back(text: str, rng: random.Random) -> str:
    row = json.loads(text[text.index('{"') :])
    return json.dumps({name: _into_english(value.removeprefix("译文：")) for name, value in row.items()})


def _localised(text: str, rng: random.Random) -> str:
    row = json.loads(text[text.rindex('{"instruction": "译') :])
    changes = ["约翰 → 小李"] if rng.random() < 0.7 else []
    texts = {name: value.replace("约翰", "小李") for name, value in row.items()}
    return json.dumps(texts | {"changes": changes}, ensure_ascii=False)


# A toy language pair that can be undone: every English letter is one Chinese character.
def _into_chinese(text: str) -> str:
    return "".join(chr(0x4E00 + ord(sign)) if sign.isascii() else sign for sign in text) + "约翰"


def _into_english(text: str) -> str:
    return "".join(
        chr(ord(sign) - 0x4E00) if 0x4E00 <= ord(sign) < 0x4E80 else sign for sign in text
    ).removesuffix("约翰")


_ROUTES: tuple[tuple[str, Any], ...] = (
    ("下面两条指令是否“相当”", _gain),
    ("原指令：", _evolved),
    ("个新问题：属于同一领域", _questions),
    ("写一个“诱导性”的提问", _attack),
    ("评审助手的回答", _score(5)),
    ("请评判下面的译文", _score(5)),
    ("从英文译来的问答", _localised),
    ("把下面 JSON 里的英文译成", _translated),
    ("Translate the Chinese texts", _back),
    ("打分并归类", _labels),
    ("请给下面这条问答归类", _labels),
    ("训练样本打分", _score(9)),
)
