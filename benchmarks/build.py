"""How fast a data set is built without language models: the whole pipeline, near-duplicates, contamination.

    python benchmarks/build.py near --texts 200000        # beside rensa on the same texts
    python benchmarks/build.py contamination              # recall on planted copies, false alarms
    python benchmarks/build.py pipeline --rows 1000000 --workers 2

The texts are made here: clauses of the project's own seed rows between random characters, so that five in a
row do repeat, as in real text. Planted: exact copies, near copies, test items, phone numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import Process
from pathlib import Path
from typing import Any

import numpy as np

from plumbline.build.steps.decontaminate import item_texts, suites_of
from plumbline.build.text.near import candidates, verify
from plumbline.build.text.shingles import band_keys, blocks, shingle, shingle_sets
from plumbline.suites import load_suite

SEED = Path(__file__).parents[1] / "src" / "plumbline" / "build" / "data" / "seed.jsonl"
FILES = 8


class Texts:
    """An endless supply of varied Chinese text."""

    def __init__(self, seed: int) -> None:
        rows = [json.loads(line) for line in SEED.read_text("utf-8").splitlines()]
        whole = "".join(row["instruction"] + row["output"] for row in rows)
        self.clauses = [part for part in re.split(r"[，。！？；：]", whole) if 4 <= len(part) <= 20]
        self.signs = np.array(list(re.sub(r"\W|\w(?<=[\x00-\x7f])", "", whole)))
        self.chance = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self._pool = ""

    def random(self, length: int) -> str:
        """Return random characters by their frequency."""
        if len(self._pool) < length:
            self._pool = "".join(self.numbers.choice(self.signs, 1 << 20))
        text, self._pool = self._pool[:length], self._pool[length:]
        return text

    def text(self, length: int) -> str:
        """Return about `length` characters: a third real clauses, the rest random, with punctuation."""
        parts: list[str] = []
        total = 0
        while total < length:
            real = self.chance.random() < 0.33
            part = self.chance.choice(self.clauses) if real else self.random(self.chance.randint(6, 16))
            parts.append(part + self.chance.choice("，，，。，、"))
            total += len(parts[-1])
        return "".join(parts)

    def edited(self, text: str, share: float) -> str:
        """Replace a share of the characters, one at least."""
        signs = list(text)
        for at in self.chance.sample(range(len(signs)), max(1, round(share * len(signs)))):
            signs[at] = self.random(1)
        return "".join(signs)


def peak_gib() -> float:
    """Return the largest resident memory of this process and of any finished child, in GiB."""
    mine, child = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (mine + child) / 2**20


def near(texts: int, length: int) -> None:
    """Find near-duplicates on one core, exact verification included; rensa's LSH beside it."""
    supply = Texts(1)
    kinds = supply.chance.choices((0.0, 0.01, 0.02, 0.03, 0.05, 0.3), k=texts // 5)
    # A tenth is shorter than forty characters, where sketches are weakest.
    base = [
        supply.text(supply.chance.randint(15, 40) if at % 10 == 0 else length)
        for at in range(texts - len(kinds))
    ]
    copies = [supply.edited(base[at], share) if share else base[at] for at, share in enumerate(kinds)]
    made = base + copies
    sets = shingle_sets(made[: len(kinds)] + copies)
    similar = np.array([_jaccard(sets[at], sets[len(kinds) + at]) for at in range(len(kinds))])
    truth = {(at, len(base) + at) for at in np.flatnonzero(similar >= 0.7).tolist()}
    characters = sum(map(len, made)) / len(made)
    print(f"{texts:,} texts of {characters:.0f} characters, {len(truth):,} planted pairs of Jaccard >= 0.7")
    started = time.process_time()
    found = verify(made, *candidates(iter(np.ascontiguousarray(band_keys(made).T))), 0.7)
    ours = time.process_time() - started
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    wrong = [pair for pair in pairs if _jaccard(*shingle_sets([made[row] for row in pair])) < 0.7]
    flagged = {second for _, second in pairs} | {first for first, _ in pairs}
    wanted = {row for pair in truth for row in pair}
    print("| method | CPU s | texts/s | recall of rows | flagged rows that are in no pair >= 0.7 |")
    print("|---|--:|--:|--:|--:|")
    recall = len(wanted & flagged) / len(wanted)
    print(f"| plumbline, exact | {ours:.2f} | {texts / ours:,.0f} | {recall:.4f} | {len(wrong)} |")
    _rensa(made, wanted, flagged)
    print(f"recall of pairs by plumbline: {len(truth & pairs) / len(truth):.4f} of {len(truth):,}")


def _rensa(made: list[str], wanted: set[int], exact: set[int]) -> None:
    """The fastest public MinHash library we know of, given our shingle hashes: only its part counts."""
    try:
        import rensa
    except ModuleNotFoundError:
        print("| rensa is not installed | | | | |")
        return
    started = time.process_time()
    hashes, counts = [], []
    for _, folded in blocks(made):
        part = shingle(folded)
        hashes.append(part.hashes)
        counts.append(part.counts)
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.uint64)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(hashes), offsets, 128, 1)
    index = rensa.RMinHashLSH(0.7, 128, 32)
    flags = index.insert_matrix_and_query_duplicate_flags(matrix)
    spent = time.process_time() - started
    flagged = set(np.flatnonzero(np.asarray(flags)).tolist())
    row = f"| rensa 128 x 32 bands, our shingles, unverified | {spent:.2f} | {len(made) / spent:,.0f} "
    print(row + f"| {len(wanted & flagged) / len(wanted):.4f} | {len(flagged - exact)} |")


def _jaccard(one: Any, other: Any) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(len(one) + len(other) - shared, 1)


def contamination(rows: int) -> None:
    """Recall on verbatim, 3 %-edited and re-punctuated items; false alarms on rows without any."""
    from plumbline.build.sample import Sample
    from plumbline.build.step import run_step
    from plumbline.build.steps import Decontaminate

    supply = Texts(2)
    items = [item_texts(item)[0] for name in suites_of("core-socialist-values") for item in load_suite(name)]
    marks = str.maketrans(dict.fromkeys("，。！？；：、“”（）", " "))
    changes = {
        "verbatim": lambda text: text,
        "3 % edited": lambda text: supply.edited(text, 0.03),
        "re-punctuated": lambda text: "；".join(text.translate(marks).split()),
    }
    print(f"{len(items)} items of {', '.join(suites_of('core-socialist-values'))}")
    for name, change in changes.items():
        planted = [
            Sample(str(at), f"{supply.text(60)}{change(text)}{supply.text(60)}", supply.text(150))
            for at, text in enumerate(items)
        ]
        _, rejected = run_step(Decontaminate(), planted)
        print(f"{name}: recall {len(rejected) / len(items):.4f}")
    clean = [Sample(str(at), supply.text(80), supply.text(220)) for at in range(rows)]
    _, rejected = run_step(Decontaminate(), clean)
    print(f"false alarms on {rows:,} made rows: {len(rejected)}")


def _write_part(folder: str, part: int, base: list[tuple[str, str]]) -> None:
    supply = Texts(100 + part)
    # Making text takes longer than building with it: each file exchanges characters in its own way instead.
    signs = sorted(set(supply.signs.tolist()))
    exchange = (
        str.maketrans(dict(zip(signs, supply.chance.sample(signs, len(signs)), strict=True))) if part else {}
    )
    items = [item_texts(item)[0] for item in load_suite("plumb-choice")]
    kept: list[dict[str, str]] = []
    with (Path(folder) / f"part-{part}.jsonl").open("w", encoding="utf-8") as handle:
        for instruction, output in base:
            luck = supply.chance.random()
            if luck < 0.05 and kept:
                row = supply.chance.choice(kept)
            elif luck < 0.1 and kept:
                old = supply.chance.choice(kept)
                row = {name: supply.edited(text, 0.02) for name, text in old.items()}
            else:
                row = {"instruction": instruction.translate(exchange), "output": output.translate(exchange)}
            if luck > 0.995:
                row = row | {"instruction": row["instruction"] + supply.chance.choice(items)}
            elif luck > 0.985:
                row = row | {"output": row["output"] + f"请拨1380013{supply.chance.randint(1000, 9999)}。"}
            if len(kept) < 2_000:
                kept.append(row)
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")


def make_rows(folder: Path, rows: int) -> None:
    """Write the rows of the pipeline benchmark, a file a process."""
    supply = Texts(99)
    base = [(supply.text(80), supply.text(215)) for _ in range(rows // FILES)]
    parts = [Process(target=_write_part, args=(str(folder), part, base)) for part in range(FILES)]
    for start in range(0, FILES, 2):
        for part in parts[start : start + 2]:
            part.start()
        for part in parts[start : start + 2]:
            part.join()


RECIPE = """name: million
licence: Apache-2.0
sources: [{{name: made, load: {{path: 'part-*.jsonl', licence: Apache-2.0}}}}]
steps:
- {{step: clean}}
- {{step: dedup, compare: whole row}}
- {{step: decontaminate, suites: [{suites}], files: [{{path: items.jsonl, columns: [text]}}]}}
- {{step: categorize}}
- {{step: split}}
exports: [vad]
"""


def write_recipe(folder: Path) -> None:
    """Write the recipe, and made items so that there are 5,000 in all."""
    supply = Texts(3)
    names = suites_of("core-socialist-values")
    known = sum(len(load_suite(name)) for name in names)
    with (folder / "items.jsonl").open("w", encoding="utf-8") as handle:
        for _ in range(5_000 - known):
            handle.write(json.dumps({"text": supply.text(60)}, ensure_ascii=False) + "\n")
    path = folder / "million.yaml"
    path.write_text(RECIPE.format(suites=", ".join(names)), encoding="utf-8")


def pipeline(rows: int, workers: int, engine: str, given: Path | None) -> None:
    """Load, clean, dedup, decontaminate against 5,000 items, categorize by rules, split, export.

    Rows already made in the folder `given` are used again: making them takes longer than building with them.
    """
    from plumbline.build.engine import build

    with tempfile.TemporaryDirectory(prefix="plumbline-") as name:
        folder = (given or Path(name)) / f"rows-{rows}"
        recipe = folder / "million.yaml"
        if not recipe.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            make_rows(folder, rows)
            write_recipe(folder)
        size = sum(path.stat().st_size for path in folder.glob("part-*")) / 2**20
        print(f"{rows:,} rows, {size:,.0f} MiB of JSON lines, {workers} workers, engine {engine}", flush=True)
        clock = _Clock()
        before = os.times()
        started = time.monotonic()
        made = build(recipe, Path(name) / "out", engine=engine, workers=workers, watch=clock)  # type: ignore[arg-type]
        spent, after = time.monotonic() - started, os.times()
        used = sum(after[:4]) - sum(before[:4])
        print("| step | s | arrived | kept | rejected |\n|---|--:|--:|--:|--:|")
        for stage, seconds in zip(made.manifest["stages"], clock.seconds(), strict=True):
            counts = " | ".join(f"{stage[key]:,}" for key in ("arrived", "kept", "rejected"))
            print(f"| {stage['step']} | {seconds:.1f} | {counts} |")
        print(f"| export | {time.monotonic() - clock.last:.1f} | | {made.rows:,} | |")
        memory = f"{peak_gib():.2f} GiB in main and the largest worker"
        print(f"total {spent:.0f} s wall, {used:.0f} s CPU; {memory}")


class _Clock:
    """Notes when each stage ended."""

    def __init__(self) -> None:
        self.marks = [time.monotonic()]

    def __call__(self, stage: str) -> None:
        self.marks.append(time.monotonic())

    @property
    def last(self) -> float:
        """When the last stage ended."""
        return self.marks[-1]

    def seconds(self) -> Iterator[float]:
        """Yield how long each stage took."""
        return (end - start for start, end in zip(self.marks, self.marks[1:], strict=False))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("near")
    one.add_argument("--texts", type=int, default=200_000)
    one.add_argument("--length", type=int, default=170)
    two = verbs.add_parser("contamination")
    two.add_argument("--rows", type=int, default=20_000)
    three = verbs.add_parser("pipeline")
    three.add_argument("--rows", type=int, default=100_000)
    three.add_argument("--workers", type=int, default=2)
    three.add_argument("--engine", default="local")
    three.add_argument("--folder", type=Path, help="where the rows are kept for another run")
    given = parser.parse_args()
    if given.verb == "near":
        near(given.texts, given.length)
    elif given.verb == "contamination":
        contamination(given.rows)
    else:
        pipeline(given.rows, given.workers, given.engine, given.folder)


if __name__ == "__main__":
    main()
