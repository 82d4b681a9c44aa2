"""Build a data set without any language model: our own rows, a step of one's own, a row's story."""

import sys
from pathlib import Path

from plumbline.build import Sample, Step, build, export, run_step, story, write_card


class NoExclamation(Step):
    """Turn down answers that shout."""

    step: str = "no-exclamation"
    most: int = 2

    def judge(self, sample: Sample, context: object) -> str | None:
        """Return why a sample is turned down, or None."""
        return "shouts" if sample.output.count("！") > self.most else None


if __name__ == "__main__":
    # A step works alone, on samples in memory ...
    rows = [
        Sample("1", "怎么祝贺同事？", "恭喜恭喜！太棒了！真好！！"),
        Sample("2", "怎么道歉？", "先说清做错了什么。"),
    ]
    kept, rejected = run_step(NoExclamation(), rows)
    print([sample.id for sample in kept], [(one.sample.id, one.reason) for one in rejected])

    # ... and a recipe runs many of them over files, as far as they were not run before.
    data = build("no-model", Path("data/no-model"), workers=1, shown=sys.stderr.isatty())
    for stage in data.manifest["stages"]:
        print(f"{stage['step']}: {stage['arrived'] + stage['made']} → {stage['kept']} + {stage['rejected']}")
    for path, count in export(data, "sharegpt").items():
        print(path, count)
    print(*write_card(data))
    print(story(data, next(data.samples()).id))
