"""Small real objects for the build's tests: varied Chinese rows, recipes on disk, finished data sets."""

from __future__ import annotations

import json
import random
from pathlib import Path

from plumbline.build.sample import Sample

_WHO = ("同事", "邻居", "室友", "表弟", "客户", "老师", "房东", "队友", "亲戚", "店主", "教练", "实习生")
_WHAT = ("借了书一直没还", "把公共座位占了一下午", "在群里说话很冲", "想换一份离家近的工作", "忘了交水电费", "捡到一个钱包",
         "被安排周末加班", "不肯参加小区的投票", "把垃圾放在楼道里", "想学一门手艺", "为评选结果生气", "没签合同就上岗")  # fmt: skip
_ASK = (
    "我该怎么跟他谈？",
    "怎么回应比较合适？",
    "有什么办法两边都能接受？",
    "我应该先做哪一步？",
    "能帮我写几句话吗？",
)
_ADVICE = ("先找个安静的时候把事情说清楚，", "把前后经过写下来再谈，", "先听听对方的难处，", "请一位双方都信得过的人在场，",
           "把约定写成一张纸，", "先问清规则是怎么定的，")  # fmt: skip
_REASON = (
    "这样不容易变成争吵。",
    "对方也有台阶可下。",
    "以后有分歧就有依据。",
    "事情会比情绪先得到解决。",
    "大家都知道下一步是什么。",
)


def text_of(rng: random.Random, length: int) -> str:
    """Return unrelated Chinese characters: two of these share no five in a row."""
    return "".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(length))


def row(number: int) -> dict[str, str]:
    """Return one made-up row; rows with different numbers are not near-duplicates."""
    rng = random.Random(number)
    mark = text_of(rng, 14)
    instruction = f"我的{rng.choice(_WHO)}{rng.choice(_WHAT)}，事情和{mark}有关，{rng.choice(_ASK)}"
    output = f"{rng.choice(_ADVICE)}{rng.choice(_REASON)}至于{text_of(rng, 20)}，{rng.choice(_ADVICE)}{rng.choice(_REASON)}"
    return {"instruction": instruction, "input": "", "output": output}


def sample(number: int, **changes: object) -> Sample:
    """Return one made-up sample."""
    values: dict[str, object] = {
        "id": f"s-{number:04d}",
        "source": "made",
        "licence": "Apache-2.0",
        **row(number),
    }
    return Sample(**(values | changes))  # type: ignore[arg-type]


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    return path


def write_recipe(folder: Path, steps: str, *, rows: int = 60, extra: str = "") -> Path:
    """Write a recipe over `rows` made-up rows, some repeated."""
    made = [row(number) for number in range(rows)] + [row(number) for number in range(0, rows, 10)]
    write_rows(folder / "rows.jsonl", made)
    recipe = folder / "recipe.yaml"
    recipe.write_text(
        "name: tried\nlicence: Apache-2.0\nseed: 3\nshard_rows: 20\n"
        "sources:\n  - name: made\n    load: {path: rows.jsonl, licence: Apache-2.0}\n"
        f"steps:\n{steps}\n{extra}",
        encoding="utf-8",
    )
    return recipe


LIGHT_STEPS = """  - step: clean
  - step: dedup
  - step: decontaminate
  - step: categorize
  - step: balance
    ratio: 3
  - step: split
    fractions: {train: 0.8, test: 0.2}
"""
