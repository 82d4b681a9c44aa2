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


PRINCIPLES = """principles:
- value: cvalues-responsibility/psychology
  principles:
  - {zh: 先体会对方的感受再给建议, en: feel with the person before giving advice}
  - {zh: 不下诊断，必要时建议就医, en: make no diagnosis and point to a doctor where needed}
"""
FULL = """name: full
title: 试验集
licence: Apache-2.0
seed: 5
shard_rows: 8
concurrency: 8
prices: {MODEL: {input: 1.0, output: 2.0}}
sources:
- name: manual
  load: {path: rows.jsonl, licence: Apache-2.0}
- name: evolved
  load: {path: seeds.jsonl, licence: Apache-2.0}
  steps: [{step: evolve, model: MODEL, rounds: 2, keep_seeds: false}]
- name: principled
  load: {path: questions.jsonl, licence: Apache-2.0, output_required: false, values: [cvalues-responsibility/psychology]}
  steps: [{step: principles, model: MODEL, questions: 3, answer_given: true, book: book.yaml}]
- name: provoked
  load: {path: seeds.jsonl, licence: Apache-2.0}
  steps: [{step: adversarial, model: MODEL, rounds: 2}]
- name: translated
  load: {path: english.jsonl, shape: saferlhf, language: en, licence: CC-BY-NC-4.0}
  steps: [{step: translate, model: MODEL, keep_original: false}]
- name: compared
  load:
    path: graded.jsonl
    licence: Apache-2.0
    columns: {instruction: prompt, output: pos_resp, worse: neg_resp, grade: pos_type, worse_grade: neg_type}
    grades: {拒绝&正向建议: 3, 拒绝为主: 2, 风险回复: 1}
  steps: [{step: pairs, make: both}]
steps:
- {step: clean, min_question: 3}
- {step: dedup, compare: question}
- {step: decontaminate}
- {step: judge, model: MODEL, labels: true, min_score: 5}
- {step: balance, ratio: 4}
- {step: split, fractions: {train: 0.8, test: 0.2}}
- {step: review, share: 0.2}
exports: [vad, jsonl, dpo]
"""


def write_full_recipe(folder: Path, model: str) -> Path:
    """Write a recipe with a source of every kind, and its data."""
    write_rows(folder / "rows.jsonl", [row(number) for number in range(20)])
    write_rows(folder / "seeds.jsonl", [row(number) for number in range(100, 112)])
    write_rows(folder / "questions.jsonl", [{"instruction": row(n)["instruction"]} for n in range(200, 208)])
    english = [
        {"prompt": f"My {who} took my seat again on day {n}, what should I say to him?",
         "response_0": f"Ask him kindly, the {n}th time too, and say why the seat matters to you.",
         "response_1": "Push him.", "is_response_0_safe": n % 5 > 0, "is_response_1_safe": False, "better_response_id": 0}
        for n, who in enumerate(("brother", "neighbour", "colleague", "friend", "guest", "cousin", "boss"))
    ]  # fmt: skip
    write_rows(folder / "english.jsonl", english)  # type: ignore[arg-type]
    kinds = ("拒绝&正向建议", "拒绝为主", "风险回复")
    graded = [
        {"prompt": row(n)["instruction"], "pos_resp": row(n)["output"], "neg_resp": row(n + 1)["output"],
         "pos_type": kinds[n % 2], "neg_type": kinds[2 if n % 3 else 0]}
        for n in range(300, 310)
    ]  # fmt: skip
    write_rows(folder / "graded.jsonl", graded)
    (folder / "book.yaml").write_text(PRINCIPLES, encoding="utf-8")
    recipe = folder / "full.yaml"
    recipe.write_text(FULL.replace("MODEL", model), encoding="utf-8")
    return recipe
