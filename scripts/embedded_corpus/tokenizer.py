"""A byte-level BPE tokenizer of our own text, with the chat template."""

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from embedded_corpus.chat import CHAT_TEMPLATE, END_OF_TEXT, IM_END, IM_START

# Han runs, words with the space before them, single digits, line breaks, spaces, and each other sign by itself.
_SPLIT = r"[\u3400-\u9fff]+| ?[A-Za-z]+|\d|\n|[^\S\n]+(?=\s|$)| ?[^\sA-Za-z\d\u3400-\u9fff]|\s"


def train_tokenizer(texts: Iterable[str], size: int, context: int) -> PreTrainedTokenizerFast:
    """Learn `size` tokens from `texts`.

    No token is longer than six bytes (two Han characters): a corpus made by a grammar repeats whole phrases, and
    without the limit they would become tokens that no other text ever uses.
    """
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        max_token_length=6,
        special_tokens=[END_OF_TEXT, IM_START, IM_END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=END_OF_TEXT,
        eos_token=IM_END,
        pad_token=END_OF_TEXT,
        additional_special_tokens=[IM_START],
        model_max_length=context,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer
