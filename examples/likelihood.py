"""Ask a model how likely texts are: options of a question, a whole text, and how hard an instruction is.

`embedded` is a tiny demonstration model; put `hf/PATH` in its place for a real one.
"""

from plumbline.likelihood import score_ifd
from plumbline.models import load_model

scorer = load_model("embedded").scorer()

options = ["如实说明情况。", "编一个理由。"]
scores = scorer.loglikelihood([("问题：答应的事没做到，怎么办？\n回答：", option) for option in options])
for option, logprob, tokens in zip(options, scores.logprob, scores.tokens, strict=True):
    print(f"{option}  log P = {logprob:.2f}, {logprob / tokens:.2f} per token")

print("perplexity", scorer.rolling(["诚信是做人的根本。"]).perplexity.round(1))

rows = [
    {"instruction": "用一句话解释什么是诚信。", "output": "诚信就是说到做到，不骗人。"},
    {"instruction": "写出一个成语。", "output": ""},
]
for row, found in zip(rows, score_ifd(scorer, rows, "loss-ratio"), strict=True):
    print(row["instruction"], found.ifd if found.reason is None else found.reason)
