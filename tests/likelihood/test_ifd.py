"""Instruction-following difficulty by both published definitions, and by the default reading."""

from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from plumbline.errors import InputError  # noqa: E402
from plumbline.likelihood import Scorer, score_ifd  # noqa: E402
from plumbline.likelihood.ifd_select import above, below, top_share  # noqa: E402
from plumbline.likelihood.ifd_text import Reader  # noqa: E402

from . import factories  # noqa: E402

CHAT = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROWS = [
    {"instruction": "天空是什么颜色？", "input": "", "output": "天空是蓝色的，草地是绿色的。"},
    {"instruction": "什么是公正？", "input": "一句话", "output": "公正是对每个人一视同仁。"},
    {"instruction": "What is fair?", "output": "The same rule for everyone. 😀"},
    {"instruction": "3 + 4", "output": "7"},
    {"instruction": "诚信", "output": "诚信是做人的根本，" * 30},
    {"instruction": "友善", "output": ""},
    {"instruction": "", "output": "敬业乐群"},
]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(factories.model("llama"), factories.tokenizer(bos=True))


def published_part(model, tokenizer, text: str, answer: str, length: int) -> list[float]:
    """`get_perplexity_and_embedding_part_text` of Cherry_LLM with the slice of `data_by_IFD.py`."""
    ids = tokenizer.encode(text, return_tensors="pt", truncation=True, max_length=length)
    start = len(tokenizer.encode(text[: text.rfind(answer)]))
    with torch.no_grad():
        logits = model(ids).logits[0]
    losses = [-logits[i - 1].log_softmax(-1)[ids[0, i]].item() for i in range(1, ids.shape[1])]
    return losses[start - 1 : ids.shape[1] - 1]


def cherry(model, tokenizer, row: dict[str, str], length: int) -> float | None:
    """Cherry_LLM's ratio, or None where its scripts leave the row out."""
    below_is = "Below is an instruction that describes a task"
    if row.get("input"):
        prompt = (
            f"{below_is}, paired with an input that provides further context. "
            "Write a response that appropriately completes the request.\n\n"
            f"### Instruction:\n{row['instruction']}\n\n"
            f"### Input:\n{row['input']}\n\n### Response:"
        )
    else:
        prompt = (
            f"{below_is}. Write a response that appropriately completes the request.\n\n"
            f"### Instruction:\n{row['instruction']}\n\n### Response:"
        )
    asked = tokenizer.encode(prompt, return_tensors="pt", truncation=True, max_length=length).shape[1]
    if length - asked - 2 <= 4:
        return None
    answer = row["output"]
    alone = published_part(model, tokenizer, "### Response:" + answer, answer, length - asked - 2)
    conditional = published_part(model, tokenizer, prompt + answer, answer, length)
    if not alone or not conditional or asked + len(alone) > length:
        return None
    return float(np.mean(conditional) / np.mean(alone))


def superfiltering(model, tokenizer, row: dict[str, str], length: int) -> float:
    """Superfiltering's ratio of perplexities, by the model's own loss."""
    prompt = f"{row['instruction']}\n{row['input']}\n" if row.get("input") else f"{row['instruction']}\n"
    asked = tokenizer.encode(prompt, return_tensors="pt", truncation=True, max_length=length).shape[1]
    answer = row["output"]
    ids = tokenizer.encode(answer, return_tensors="pt", truncation=True, max_length=length - asked + 1)
    whole = tokenizer.encode(prompt + answer, return_tensors="pt", truncation=True, max_length=length)
    labels = whole.clone()
    labels[0, : len(tokenizer.encode(prompt))] = -100
    with torch.no_grad():
        alone, conditional = model(ids, labels=ids).loss, model(whole, labels=labels).loss
    return float(torch.exp(conditional) / torch.exp(alone))


@pytest.mark.parametrize("bos", [False, True])
def test_as_published_loss_ratio_is_that_of_the_script(bos):
    model, tokenizer = factories.long_model(), factories.tokenizer(bos=bos)
    found = list(score_ifd(Scorer(model, tokenizer), ROWS, "loss-ratio", as_published=True, max_length=300))
    expected = [cherry(model, tokenizer, row, 300) for row in ROWS]
    assert sum(value is not None for value in expected) >= 4
    for one, value in zip(found, expected, strict=True):
        assert one.ifd == (None if value is None else pytest.approx(value, abs=1e-5))
        assert (one.reason is None) == (value is not None)


@pytest.mark.parametrize("bos", [False, True])
def test_as_published_perplexity_ratio_is_that_of_the_script(bos):
    model, tokenizer = factories.long_model(), factories.tokenizer(bos=bos)
    rows = [row for row in ROWS if len(row["output"]) > 1]
    found = score_ifd(Scorer(model, tokenizer), rows, "perplexity-ratio", as_published=True, max_length=60)
    for one, row in zip(found, rows, strict=True):
        assert one.ifd == pytest.approx(superfiltering(model, tokenizer, row, 60), rel=1e-4)


def test_the_two_definitions_come_from_the_same_losses(scorer):
    loss = list(score_ifd(scorer, ROWS[:4], "loss-ratio"))
    perplexity = list(score_ifd(scorer, ROWS[:4], "perplexity-ratio"))
    for one, other in zip(loss, perplexity, strict=True):
        assert one.loss_conditional == pytest.approx(other.loss_conditional)
        assert one.ifd == pytest.approx(one.loss_conditional / one.loss_alone)
        assert other.ifd == pytest.approx(math.exp(other.loss_conditional - other.loss_alone))


def test_both_passes_score_the_same_answer_tokens_after_the_chat_templates_header():
    tokenizer = factories.fresh_tokenizer(chat_template=CHAT)
    scorer = Scorer(factories.model("llama"), tokenizer, check=False)
    reading = Reader(scorer.seam, 96).read(ROWS[0])
    assert reading.conditional[1].tolist() == reading.alone[1].tolist()
    assert tokenizer.decode(reading.conditional[0]) == "<|user|>天空是什么颜色？\n<|assistant|>"
    assert tokenizer.decode(reading.alone[0]) == "<|assistant|>"
    assert tokenizer.decode(reading.alone[1]) == ROWS[0]["output"]


def test_without_header_and_bos_the_first_answer_token_is_left_out_of_both_passes():
    tokenizer = factories.fresh_tokenizer(chat_template="{{ messages[0].content }}")
    scorer = Scorer(factories.model("llama"), tokenizer, check=False)
    whole = tokenizer.encode(ROWS[0]["output"])
    reading = Reader(scorer.seam, 96).read(ROWS[0])
    assert reading.conditional[1].tolist() == reading.alone[1].tolist() == whole[1:]
    assert reading.alone[0].tolist() == whole[:1]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"instruction": " ", "output": "答"}, "no-question"),
        ({"instruction": "问", "output": " \n"}, "no-answer"),
        ({"instruction": "问", "output": "诚信是做人的根本，" * 40}, "answer-too-long"),
        ({"instruction": "诚信是做人的根本，" * 40, "output": "答"}, "too-long"),
    ],
)
def test_a_row_that_cannot_be_scored_says_why(scorer, row, reason):
    (found,) = score_ifd(scorer, [row])
    assert (found.ifd, found.reason) == (None, reason)


def test_rows_are_read_as_they_are_needed(scorer):
    read = []

    def rows():
        for number in range(100):
            read.append(number)
            yield ROWS[0]

    next(score_ifd(scorer, rows(), chunk=4))
    assert len(read) == 4


def test_an_unknown_definition_is_refused(scorer):
    with pytest.raises(InputError, match="unknown definition"):
        next(score_ifd(scorer, ROWS, "ratio"))


@given(st.lists(st.floats(0, 2) | st.just(math.nan), max_size=40), st.floats(0.01, 1))
def test_the_top_share_are_the_hardest_rows_below_one(values, share):
    ifd = np.array(values, float)
    kept = top_share(ifd, share)
    eligible = below(ifd)
    assert len(kept) == (max(1, int(len(eligible) * share + 1e-9)) if len(eligible) else 0)
    assert (np.diff(kept) > 0).all()
    dropped = np.setdiff1d(eligible, kept)
    if len(dropped) and len(kept):
        assert ifd[kept].min() >= ifd[dropped].max()


def test_a_threshold_keeps_rows_between_it_and_one():
    assert above(np.array([0.2, 0.7, math.nan, 0.9, 1.3]), 0.7).tolist() == [1, 3]
