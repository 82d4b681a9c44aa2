import re
import subprocess
import sys
from pathlib import Path

import pytest

import plumbline.stats

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["statistics.md", "statistics.zh.md"])
def test_the_examples_in_the_documentation_run(page):
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    exec("\n".join(blocks), {})


@pytest.mark.parametrize("page", ["statistics.md", "statistics.zh.md"])
def test_the_documentation_names_every_public_function(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    functions = [name for name in plumbline.stats.__all__ if name[0].islower()]
    assert [name for name in functions if f"`{name}`" not in text] == []


def test_statistics_need_no_more_than_numpy_and_scipy():
    heavy = ["pandas", "statsmodels", "sklearn", "torch", "transformers"]
    code = f"import sys, plumbline.stats; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
