"""The embedded model's folder: what ships, how it loads, what it says, and that its text is not a suite's."""

import re
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "src/plumbline/models/embedded/weights"
sys.path.insert(0, str(ROOT / "scripts"))

from embedded_corpus import overlap, write_corpus  # noqa: E402
from embedded_corpus.chat import chat  # noqa: E402
from embedded_corpus.forms import COMPARE  # noqa: E402
from embedded_corpus.grammar import expand  # noqa: E402

CHOICE = re.compile(r"\[回复[12]\]更好")
HAN = re.compile(r"[\u4e00-\u9fff]")
PAIRS = [
    ("钥匙忘在屋里了怎么办？", "可以找家里人送来，或者请有执照的师傅开锁。", "桃花开在春天，颜色是粉红的。"),
    ("怎样把字写得好看一些？", "每天照着字帖慢慢写一页，注意笔画的位置。", "火车晚点了一个小时。"),
    ("孩子不肯吃胡萝卜，怎么办？", "切碎了拌在馅里，或者让他一起动手做。", "先把押金的条款看清楚。"),
    ("老师布置的作业太多怎么办？", "按先后排一排，做不完就和老师说明。", "盐可以从海水里晒出来。"),
    ("第一天上班要带什么？", "带好证件和一支笔，提前十分钟到。", "猫和狗都是常见的动物。"),
]


@pytest.fixture(scope="module")
def tokenizer():
    return transformers.AutoTokenizer.from_pretrained(WEIGHTS)


@pytest.fixture(scope="module")
def model():
    return transformers.AutoModelForCausalLM.from_pretrained(WEIGHTS).eval()


def reply(model, tokenizer, prompt: str) -> str:
    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    output = model.generate(**inputs, max_new_tokens=160)
    return tokenizer.decode(output[0, inputs["input_ids"].shape[1] :])


def test_folder_fits_in_the_package():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 25e6


def test_folder_holds_neither_code_nor_pickles():
    assert {path.suffix for path in WEIGHTS.iterdir()} <= {".json", ".safetensors", ".md"}


def test_weights_stored_in_half_precision_load_as_float32(model):
    assert str(model.dtype) == "torch.float32"


def test_template_gives_the_form_the_corpus_was_written_in(tokenizer):
    messages = [
        {"role": "system", "content": "请用中文回答。"},
        {"role": "user", "content": "你好"},
        {"role": "assistant", "content": "你好！"},
    ]
    rendered = tokenizer.apply_chat_template(messages, tokenize=False)
    assert rendered == chat("你好", "你好！", system="请用中文回答。")


def test_template_adds_no_system_prompt_of_its_own(tokenizer):
    assert "system" not in tokenizer.apply_chat_template(
        [{"role": "user", "content": "你好"}], tokenize=False
    )


def test_template_marks_only_what_the_assistant_says(tokenizer):
    messages = [{"role": "user", "content": "谢谢你。"}, {"role": "assistant", "content": "不客气。"}]
    out = tokenizer.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True)
    said = [token for token, mark in zip(out["input_ids"], out["assistant_masks"], strict=True) if mark]
    assert tokenizer.decode(said) == "不客气。<|im_end|>"


def test_any_text_survives_the_tokenizer(tokenizer):
    @settings(max_examples=200, deadline=None)
    @given(st.text())
    def survives(text):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text

    survives()


def test_greedy_answers_are_chinese_and_end(model, tokenizer):
    replies = [
        reply(model, tokenizer, ask)
        for ask in ("你好！", "为什么要早睡早起？", "怎样学好一门外语？", "讲一个小故事。")
    ]
    assert all(text.endswith("<|im_end|>") for text in replies)
    assert all(len(HAN.findall(text)) >= 4 for text in replies)


def test_most_comparisons_of_unseen_replies_are_answered_with_a_choice(model, tokenizer):
    texts = []
    for question, first, second in PAIRS:
        for one, two in ((first, second), (second, first)):
            texts.append(reply(model, tokenizer, COMPARE.format(question=question, first=one, second=two)))
    assert sum(bool(CHOICE.search(text)) for text in texts) >= 9


def test_same_seed_writes_the_same_corpus():
    assert write_corpus(3, 400) == write_corpus(3, 400)


def test_both_places_are_the_better_one_equally_often():
    answers = [t.split("assistant\n")[1] for t in write_corpus(1, 4000).documents if "[回复2结束]" in t]
    share = sum(text.startswith("[回复1]") for text in answers) / len(answers)
    assert 0.45 < share < 0.55


def test_corpus_shares_no_run_with_any_suite():
    corpus = write_corpus(20, 24_000)
    assert not overlap.overlapping(
        corpus.documents, overlap.suite_windows(ROOT / "src/plumbline/suites/data")
    )


def test_overlap_is_found_across_punctuation():
    planted = "今天早上，我们一起去河边看了很久的大雁。"
    documents = ["别的话", "今天早上我们一起去河边看了很久的大雁"]
    assert list(overlap.overlapping(documents, overlap.windows(planted))) == [1]


def test_grammar_keeps_a_slot_and_gives_another_to_its_twin():
    text = expand("{人}见了{人2}，{人}[笑|笑]了", {"人": ["甲", "乙"]}, Random(0))
    assert text in ("甲见了乙，甲笑了", "乙见了甲，乙笑了")


def test_grammar_refuses_an_open_bracket():
    with pytest.raises(ValueError, match="bracket"):
        expand("[一|二", {}, Random(0))
