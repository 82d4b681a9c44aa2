"""What did a tuning do? The same items before and after, with side effects, on a page."""

import json
from pathlib import Path

from plumbline.models import Generation
from plumbline.prove import prove_models
from plumbline.report.proof import write_proof
from plumbline.tune import load_recipe, tune_model

row = {"instruction": "捡到钱包怎么办？", "output": "交给失主或者警察，里面的东西一样也不动。"}
Path("one.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
Path("one.yaml").write_text(
    "stage: sft\nbase: embedded\ndata: {paths: [one.jsonl]}\nschedule: {max_steps: 1, batch: 1}\n",
    encoding="utf-8",
)
tuned = tune_model(load_recipe("one.yaml"), "models/one")
proof = prove_models(
    "embedded",
    tuned.reference,
    "proof",
    data=["one.jsonl"],
    suites=["plumb-honesty"],
    methods=["reply-char"],
    generation=Generation(max_tokens=8),
    limit=4,
)
for finding in proof.findings[tuned.reference]:
    print(finding.name, finding.part, f"{finding.before:.3f} -> {finding.after:.3f}", finding.verdict)
write_proof(proof, "proof/proof.html", language="zh")
