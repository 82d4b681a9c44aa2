"""What the likelihood package says to people."""

from plumbline.language import Message

PAIR = Message("第 {number} 对", "pair {number}")
TEXT = Message("第 {number} 篇文本", "text {number}")
EMPTY_CONTINUATION = Message(
    "续写部分是空的，没有可以计分的词元", "the continuation is empty: there is no token to score"
)
GIVE_A_CONTINUATION = Message("请给出至少一个字的续写", "give a continuation of at least one character")
EMPTY_TOKENS = Message("前文或续写没有词元", "the context or the continuation has no token")
GIVE_TOKENS = Message(
    "两者都请给出至少一个词元；前文为空时可用 BOS",
    "give at least one token of each; BOS can stand for an empty context",
)
EMPTY_TEXT = Message("文本是空的，没有可以计分的词元", "the text is empty: there is no token to score")
GIVE_A_TEXT = Message("请给出至少一个字的文本", "give a text of at least one character")
NO_START_TOKEN = Message(
    "前文是空的，而分词器既没有 BOS 也没有 EOS，第一个词元无从计分",
    "the context is empty and the tokenizer has neither BOS nor EOS, so nothing predicts the first token",
)
SET_BOS = Message("请给出前文，或为分词器设置 bos_token", "give a context, or set the tokenizer's bos_token")
TOO_LONG = Message(
    "续写有 {tokens} 个词元，超过模型一次能读的 {limit} 个",
    "the continuation has {tokens} tokens, more than the {limit} the model can read at once",
)
SHORTEN = Message("请缩短续写，或改用 rolling 分段计分", "shorten it, or score it in windows with rolling")
OUT_OF_MEMORY = Message(
    "内存不足，批次已缩到 {budget} 个词元仍放不下", "out of memory even with batches of {budget} tokens"
)
SMALLER_MODEL = Message(
    "请换更小的模型、更短的文本或更大的设备", "use a smaller model, shorter texts or a larger device"
)
HALVED = Message(
    "内存不足：每批词元数减半为 {budget}，继续计算",
    "out of memory: halved the batch to {budget} tokens and going on",
)
NO_TREES = Message(
    "自检：共享前文的算法与逐条前向不一致（{reason}），改为每条文本单独成行",
    "self-check: sharing contexts differs from the plain pass ({reason}); each text now gets its own row",
)
PLAIN_PASS = Message(
    "自检：快速算法与逐条前向不一致（{reason}），退回逐条前向，结果准确但较慢",
    "self-check: the fast pass differs from the plain one ({reason}); falling back to that, exact but slow",
)
NOT_FINITE = Message(
    "模型给出的对数概率含有非数（NaN）或无穷大", "the model gave log-probabilities that are not finite"
)
CHECK_WEIGHTS = Message(
    "请检查模型权重，或改用 float32 载入", "check the model's weights, or load it as float32"
)
NO_HEAD = Message("这个模型没有语言模型输出层", "this model has no language-model head")
CAUSAL_MODEL = Message("请使用因果语言模型", "use a causal language model")
UNKNOWN_DTYPE = Message("不认识的数值类型 {dtype}", "unknown number type {dtype}")
KNOWN_DTYPES = Message("请用 float32、bfloat16、float16 或 auto", "use float32, bfloat16, float16 or auto")
NOT_LOADED = Message("无法载入模型 {path}：{reason}", "cannot load the model {path}: {reason}")
CHECK_PATH = Message(
    "请检查路径：应是含 config.json、分词器和 safetensors 权重的文件夹",
    "check the path: a folder with config.json, a tokenizer and safetensors weights",
)
NOT_A_MODEL = Message("{kind} 不是可以计分的模型", "{kind} is not a model that can score")
GIVE_A_MODEL = Message(
    "请给出 Scorer、hf/路径，或（模型, 分词器）", "give a Scorer, a reference hf/PATH, or (model, tokenizer)"
)
