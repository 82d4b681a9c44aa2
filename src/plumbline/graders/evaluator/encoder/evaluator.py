"""An encoder evaluator that is trained: predict, explain, save, load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plumbline.errors import MissingExtra
from plumbline.frameworks import Framework
from plumbline.graders.evaluator.calibrate import Calibration, sigmoid
from plumbline.graders.evaluator.coverage import coverage_of
from plumbline.graders.evaluator.encoder.batches import cut
from plumbline.graders.evaluator.encoder.config import EncoderConfig
from plumbline.graders.evaluator.evaluator import Contribution, Explanation, HeldOut
from plumbline.graders.evaluator.folder import Arrays, Saved, read_arrays, write_folder
from plumbline.graders.evaluator.grams import Vocabulary
from plumbline.graders.evaluator.linear import sentences_of

Array = npt.NDArray[np.float64]
_BATCH = 32


class EncoderEvaluator:
    """One network for all values or one a value, behind one calibration.

    Args:
        framework: Whose values.
        labels: Value ids.
        networks: One `Network` with all labels, or one a label.
        tokenizer: Of the backbone.
        config: How it was trained.
        calibration: Of the logits.
        thresholds: Of the probabilities [labels].
        held_out: Probabilities of the validation rows.
        vocabulary: Character n-grams of the training texts, to tell how far from them a text is.
        card: Data, settings, quality.
        name: Shown in tables.
    """

    def __init__(
        self,
        framework: Framework,
        labels: tuple[str, ...],
        networks: Sequence[Any],
        tokenizer: Any,
        config: EncoderConfig,
        calibration: Calibration,
        thresholds: Array,
        held_out: HeldOut,
        vocabulary: Vocabulary,
        card: dict[str, Any],
        name: str = "encoder",
    ) -> None:
        self.framework, self.labels, self.name, self.card = framework, labels, name, card
        self.networks, self.tokenizer, self.config = list(networks), tokenizer, config
        self.calibration, self.thresholds, self.held_out = calibration, thresholds, held_out
        self.vocabulary = vocabulary

    @classmethod
    def from_folder(cls, saved: Saved) -> EncoderEvaluator:
        """Build it from a checked folder, on the first accelerator there is.

        Raises:
            MissingExtra: torch or transformers is not installed.
        """
        try:
            import torch
            from safetensors.torch import load_file
            from transformers import AutoConfig, AutoModel, AutoTokenizer
        except ModuleNotFoundError as error:
            raise MissingExtra("transformers", "local") from error
        from plumbline.graders.evaluator.encoder.network import Network

        manifest, arrays = saved.manifest, read_arrays(saved)
        config = EncoderConfig.model_validate(manifest["settings"])
        backbone = saved.path / "backbone"
        count = len(manifest["values"])
        device = "cuda" if torch.cuda.is_available() else "cpu"
        networks = []
        for number in range(manifest["networks"]):
            encoder = AutoModel.from_config(AutoConfig.from_pretrained(backbone), trust_remote_code=False)
            network = Network(encoder, count if manifest["networks"] == 1 else 1, config.dropout)
            network.load_state_dict(load_file(saved.path / f"network-{number}.safetensors"))
            networks.append(network.eval().to(device))
        held = HeldOut(
            arrays["held_out_probabilities"].astype(np.float64),
            arrays["held_out_labels"].astype(np.int64),
            manifest["held_out"],
        )
        calibration = Calibration(
            np.array(manifest["calibration"]["slope"]), np.array(manifest["calibration"]["offset"])
        )
        return cls(
            saved.framework,
            tuple(manifest["values"]),
            networks,
            AutoTokenizer.from_pretrained(backbone, trust_remote_code=False),
            config,
            calibration,
            np.array(manifest["thresholds"]),
            held,
            Vocabulary(arrays["keys"]),
            manifest["card"],
            saved.path.name,
        )

    def save(self, path: str | Path) -> None:
        """Write the evaluator's folder: networks in safetensors, tokenizer and settings in JSON."""
        from safetensors.torch import save_file

        folder = Path(path)
        backbone = folder / "backbone"
        backbone.mkdir(parents=True, exist_ok=True)
        self.networks[0].encoder.config.save_pretrained(backbone)
        self.tokenizer.save_pretrained(backbone)
        for number, network in enumerate(self.networks):
            state = {key: tensor.detach().cpu().contiguous() for key, tensor in network.state_dict().items()}
            save_file(state, folder / f"network-{number}.safetensors")
        manifest = {
            "kind": "encoder",
            "settings": {**self.config.model_dump(), "backbone": Path(self.config.backbone).name},
            "networks": len(self.networks),
            "calibration": {
                "slope": self.calibration.slope.tolist(),
                "offset": self.calibration.offset.tolist(),
            },
            "thresholds": self.thresholds.tolist(),
            "held_out": self.held_out.how,
            "card": self.card,
        }
        arrays: Arrays = {
            "keys": self.vocabulary.keys,
            "held_out_probabilities": self.held_out.probabilities.astype(np.float32),
            "held_out_labels": self.held_out.labels.astype(np.uint8),
        }
        write_folder(folder, manifest, arrays, self.framework, self.labels)

    def logits(self, texts: Sequence[str]) -> Array:
        """Return calibrated logits [n, labels]."""
        from plumbline.graders.evaluator.encoder.loop import predict_logits

        if not texts:
            return np.zeros((0, len(self.labels)))
        windows = cut(
            self.tokenizer,
            texts,
            window=self.config.window,
            overlap=self.config.overlap,
            most=self.config.most_windows,
        )
        padding = self.tokenizer.pad_token_id or 0
        raw = [predict_logits(network, windows, padding, _BATCH) for network in self.networks]
        return self.calibration.logits(np.concatenate(raw, axis=1))

    def predict(self, texts: Sequence[str]) -> Array:
        """Return calibrated probabilities [n, labels]."""
        return sigmoid(self.logits(texts))

    def decide(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return decisions at the evaluator's thresholds, bool [n, labels]."""
        return np.asarray(self.predict(texts) >= self.thresholds)

    def coverage(self, texts: Sequence[str]) -> Array:
        """Return the share of each text's character n-grams that its training texts have [n].

        Not the share of known tokens: a tokenizer knows nearly every character, whatever training was about.
        """
        return coverage_of(texts, self.vocabulary)

    def explain(self, text: str) -> tuple[Explanation, ...]:
        """Return by how much each logit falls when a sentence is left out; such parts need not sum to it."""
        sentences = sentences_of(text)
        without = ["".join(sentences[:k] + sentences[k + 1 :]) for k in range(len(sentences))]
        logits = self.logits([text, *without, ""])
        return tuple(
            Explanation(
                value=label,
                logit=float(logits[0, j]),
                intercept=float(logits[-1, j]),
                grams=(),
                sentences=tuple(
                    Contribution(one, float(logits[0, j] - logits[1 + k, j]))
                    for k, one in enumerate(sentences)
                ),
                exact=False,
            )
            for j, label in enumerate(self.labels)
        )
