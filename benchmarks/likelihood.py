"""Option scoring: plumbline.likelihood against `HFLM` of lm-evaluation-harness, on the same model and pairs.

Run with two threads:  OMP_NUM_THREADS=2 python benchmarks/likelihood.py
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from typing import Any

import material
import numpy as np
import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM
from measuring import (
    both_clocks,
    in_a_process_of_its_own,
    machine,
    needed_operations,
    peak_gigabytes,
    print_table,
    product_rate,
)

from plumbline.likelihood import Scorer


@dataclass(frozen=True)
class Case:
    """One kind of multiple-choice work.

    Attributes:
        questions: How many.
        context: Tokens of each question, about.
        letters: Options are single letters; otherwise texts of about 20 tokens.
        shots: Worked examples in front of every question.
        peer_batch: Batch size of the peer: as large as its arrays fit comfortably.
    """

    questions: int
    context: int
    letters: bool
    shots: int
    peer_batch: int


CASES = {
    "four text options, 76-token context": Case(48, 76, False, 0, 32),
    "four text options, 512-token context": Case(10, 512, False, 0, 8),
    "four text options, shared 5-shot prefix": Case(20, 76, False, 5, 8),
    "single letters, 76-token context": Case(96, 76, True, 0, 32),
    "single letters, shared 5-shot prefix": Case(40, 76, True, 5, 8),
}
GOALS = {"time": (3.5, 3.5, 12.0, 3.0, 10.0), "memory": 0.35}


def pairs_of(case: Case, tokens: Any) -> list[tuple[str, str]]:
    """Questions with four options each, cut from the project's own sentences."""
    chooser = random.Random(7)

    def text(length: int) -> str:
        made = ""
        while len(ends := tokens(made, return_offsets_mapping=True)["offset_mapping"]) < length:
            made += chooser.choice(material.sentences())
        return made[: ends[length - 1][1]]

    def question() -> str:
        return f"问题：{text(case.context - 8)}\n答案："

    shots = "".join(f"{question()}{text(20)}\n\n" for _ in range(case.shots))
    pairs = []
    for _ in range(case.questions):
        context = shots + question()
        options = list("ABCD") if case.letters else [text(20) for _ in range(4)]
        pairs += [(context, option) for option in options]
    return pairs


def ask_peer(model: Any, tokens: Any, pairs: list[tuple[str, str]], batch: int) -> np.ndarray:
    """The log-likelihoods of lm-evaluation-harness, by its public method."""
    peer = HFLM(
        pretrained=model, tokenizer=tokens, batch_size=batch, device=str(model.device), max_length=4096
    )
    asked = [Instance("loglikelihood", {}, pair, number) for number, pair in enumerate(pairs)]
    return np.array([value for value, _ in peer.loglikelihood(asked, disable_tqdm=True)])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory-of", choices=["ours", "peer"], help="measure one side alone and print JSON")
    parser.add_argument("--only", type=int, help="run one case, by its number")
    arguments = parser.parse_args()
    tokens = material.tokenizer(list(material.sentences()))
    model = material.model()
    if arguments.memory_of:
        case = next(iter(CASES.values()))
        pairs = pairs_of(case, tokens)
        if arguments.memory_of == "ours":
            Scorer(model, tokens).loglikelihood(pairs)
        else:
            ask_peer(model, tokens, pairs, case.peer_batch)
        print(json.dumps({"peak": peak_gigabytes()}))
        return

    print(machine())
    scorer = Scorer(model, tokens)
    scorer.loglikelihood([("天空是", "蓝色的")] * 2)  # both sides start warm
    ask_peer(model, tokens, [("天空是", "蓝色的")] * 2, 2)
    rows = []
    for number, (name, case) in enumerate(CASES.items()):
        if arguments.only not in (None, number):
            continue
        pairs = pairs_of(case, tokens)
        rate = product_rate()
        ours, wall, scores = both_clocks(lambda pairs=pairs: scorer.loglikelihood(pairs))
        rate = max(rate, product_rate())
        peer, peer_wall, expected = both_clocks(
            lambda pairs=pairs, case=case: ask_peer(model, tokens, pairs, case.peer_batch)
        )
        operations = needed_operations(scorer, scorer.seam.pairs(pairs))
        same = scores.logprob.reshape(-1, 4).argmax(1) == expected.reshape(-1, 4).argmax(1)
        rows.append(
            [
                name,
                f"{operations / 1e12:.2f}",
                f"{rate / 1e9:.0f}",
                f"{peer:.1f}",
                f"{ours:.1f}",
                f"**{peer / ours:.1f}×** (goal {GOALS['time'][number]}×)",
                f"{peer_wall / wall:.1f}×",
                f"{operations / rate / ours:.2f}",
                f"{np.abs(scores.logprob - expected).max():.1e}",
                f"{same.mean():.0%}",
            ]
        )
        print(rows[-1], flush=True)
    header = ["case", "needed, TFLOP", "GFLOP/s per core", "lm-eval, CPU-s", "ours, CPU-s", "ratio"]
    header += ["ratio by the clock"]
    print_table([*header, "share of rate", "largest difference", "same choice"], rows)
    if arguments.only not in (None, 0):
        return
    peaks = {who: in_a_process_of_its_own(__file__, "--memory-of", who)["peak"] for who in ("ours", "peer")}
    share = peaks["ours"] / peaks["peer"]
    print(f"peak memory, first case: ours {peaks['ours']:.2f} GB, lm-eval {peaks['peer']:.2f} GB: ", end="")
    print(f"{share:.2f}× (goal {GOALS['memory']}×)")


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
