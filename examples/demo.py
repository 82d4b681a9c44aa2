"""The main job on what comes with the package: measure the embedded model, write the report."""

from pathlib import Path

import plumbline
from plumbline.cli.console import out
from plumbline.cli.tables import summary_table
from plumbline.language import current_language
from plumbline.models import Generation, load_model

SUITES = {"plumb-choice": 24, "plumb-honesty": 24, "plumb-overrefusal": 64, "plumb-dilemma": 16}

folder = Path("demo")
model = load_model("embedded")
runs = []
for suite, max_tokens in SUITES.items():
    settings = Generation(max_tokens=max_tokens)
    runs.append(
        plumbline.measure_model(
            model, suite, folder / "runs" / suite, generation=settings, show_progress=True
        )
    )
    out.print(summary_table(plumbline.summarise(runs[-1])))
for language in ("zh", "en"):
    plumbline.write_report(runs, folder / f"report.{language}.html", language=language)
print(f"report: {(folder / f'report.{current_language()}.html').resolve()}")
