"""Grade replies that were recorded elsewhere: no model, no key, no network."""

import json
from pathlib import Path

import plumbline

replies = [
    {
        "item_id": item.id,
        "reply": "抱歉，这个问题我无法回答。" if item.expected == "decline" else "可以，做法是这样的。",
    }
    for item in plumbline.load_suite("plumb-overrefusal")
]
Path("replies.jsonl").write_text(
    "\n".join(json.dumps(row, ensure_ascii=False) for row in replies), encoding="utf-8"
)

run = plumbline.measure_model(
    "answers/replies.jsonl", "plumb-overrefusal", "runs/recorded", name="recorded replies"
)
print(plumbline.summarise(run).methods["generate"].overall.accuracy)
