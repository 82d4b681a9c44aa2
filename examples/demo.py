"""The whole loop on what comes with the package: build data, tune the embedded model, prove what that did.

No language model is asked and no network is used. The model is tiny; whether tuning moved anything on
held-out items is what the last page says, and it says so too when it did not.
"""

import argparse
from pathlib import Path

from plumbline.build import build
from plumbline.build.card import write_card
from plumbline.cli.console import out
from plumbline.language import LANGUAGES, current_language
from plumbline.models import Generation
from plumbline.prove import prove_models
from plumbline.prove.card import write_model_card
from plumbline.report.proof import headlines, write_proof
from plumbline.tune import load_recipe, tune_model

parser = argparse.ArgumentParser()
parser.add_argument("--folder", type=Path, default=Path("demo"))
parser.add_argument("--limit", type=int, help="only so many items of each suite and steps, for a trial")
asked = parser.parse_args()
folder: Path = asked.folder

# Build: our seed rows, cleaned, freed of test items, sorted and split.
data = build("no-model", folder / "data")
write_card(data)
out.print(f"{data.rows} rows, {data.manifest['rejected']} rejected", markup=False)

# Tune: the package's recipe for the embedded model on those rows.
recipe = load_recipe("embedded")
recipe = recipe.model_copy(
    update={
        "data": recipe.data.model_copy(update={"paths": (str(data.folder),)}),
        "schedule": recipe.schedule.model_copy(update={"max_steps": asked.limit}),
    }
)
tuned = tune_model(recipe, folder / "model", show_progress=True)

# Prove: the same items before and after, side effects among them.
proof = prove_models(
    "embedded",
    tuned.reference,
    folder / "proof",
    data=[data.folder],
    methods=["label", "reply-char"],
    generation=Generation(max_tokens=24),
    names={tuned.reference: "embedded + seed"},
    limit=asked.limit,
    show_progress=True,
)
for language in LANGUAGES:
    write_proof(proof, folder / f"proof.{language}.html", language=language)
write_model_card(proof, tuned.folder)
for name, findings in proof.findings.items():
    for text in headlines(name, findings):
        out.print(text, markup=False)
print(f"report: {(folder / f'proof.{current_language()}.html').resolve()}")
