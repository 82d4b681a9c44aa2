"""Measure the embedded model on a few items and read the result.

`embedded` is a tiny demonstration model; put `hf/PATH` or `openai/NAME` in its place for a real one.
"""

import plumbline

run = plumbline.measure_model(
    "embedded", "plumb-honesty", "runs/example", limit=8, methods=["label", "reply-char"]
)
summary = plumbline.summarise(run)
for name, method in summary.methods.items():
    print(name, f"{method.overall.accuracy.estimate:.2f}", f"chance {method.chance:.2f}")
plumbline.write_report([run], "runs/example.html", language="zh")
