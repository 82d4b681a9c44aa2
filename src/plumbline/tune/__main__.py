"""`plumbline tune` for several processes: `accelerate launch -m plumbline.tune RECIPE -o FOLDER`."""

from __future__ import annotations

import argparse

from plumbline.cli.console import error_sentences
from plumbline.tune.train import tune_model


def main() -> None:
    """Tune by the recipe and into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m plumbline.tune")
    parser.add_argument("recipe", help="YAML file, or name of one of ours")
    parser.add_argument("-o", "--out", required=True, help="folder of the model")
    asked = parser.parse_args()
    with error_sentences():
        tune_model(asked.recipe, asked.out, show_progress=True)


if __name__ == "__main__":
    main()
