"""Hand a tuned model to the Hugging Face Hub: weights or adapter, tokenizer and card, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plumbline.errors import InputError
from plumbline.prove import messages as m

# Named one by one: checkpoints, optimizer states, pickles and the training record with its local paths stay.
_SENT = (
    "README.md",
    "README.zh.md",
    "adapter_config.json",
    "adapter_model*.safetensors",
    "model*.safetensors",
    "model.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "chat_template.jinja",
    "log.csv",
)


def check_account(model: str | Path, repository: str) -> None:
    """See that an upload can work before hours are spent on measuring.

    Raises:
        InputError: The model was not tuned here, the name is malformed, or nobody is logged in.
    """
    from huggingface_hub import HfApi

    if not (Path(model) / "training.json").is_file():
        raise InputError(m.NOT_TUNED_HERE(), where=str(model), mend=m.GIVE_TUNED())
    with _explained(repository):
        api = HfApi()
        api.whoami()
        api.repo_exists(repository)  # refuses a malformed name


def push(model: str | Path, repository: str, *, private: bool = True) -> str:
    """Upload a model; the token comes from the environment or the hub's own login and goes nowhere else.

    Args:
        model: Folder of the tuned model, with its card.
        repository: `user/name`.
        private: Make the repository private when it is new.

    Returns:
        The address of the commit.

    Raises:
        InputError: The hub refused, or cannot be reached.
    """
    from huggingface_hub import HfApi

    api: Any = HfApi()
    with _explained(repository):
        made = api.create_repo(repository, private=private, exist_ok=True)
        return str(
            api.upload_folder(
                repo_id=made.repo_id,
                folder_path=str(model),
                allow_patterns=list(_SENT),
                commit_message="Upload tuned model",
            )
        )


@contextmanager
def _explained(repository: str) -> Iterator[None]:
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    # A hub out of reach raises what the HTTP library raises; which one that is changes with huggingface_hub.
    unreached: type[Exception] = HfHubHTTPError.__bases__[0]
    try:
        yield
    except (OSError, HFValidationError, unreached) as error:
        detail = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise InputError(m.NO_HUB(repository=repository, detail=detail), mend=m.LOG_IN()) from error
