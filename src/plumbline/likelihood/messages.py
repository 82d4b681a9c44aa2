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
SLOW_HALF = Message(
    "这台处理器计算 {dtype} 约为 float32 的 {times} 倍时间；内存够用时请改用 float32",
    "this processor takes about {times} times as long for {dtype} as for float32; use float32 where memory allows",
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
NO_DEVICE = Message("不能使用设备 {device}（{reason}）", "device {device} cannot be used ({reason})")
CHOOSE_DEVICE = Message(
    "用 cpu；用 cuda 或 mps 时，先装好支持它的 PyTorch",
    "use cpu, or for cuda and mps a PyTorch built for them",
)
NO_FOLDER = Message("没有这个文件夹：{path}", "no such folder: {path}")
CHECK_PATH = Message(
    "请检查路径：应是含 config.json、分词器和 safetensors 权重的文件夹",
    "check the path: a folder with config.json, a tokenizer and safetensors weights",
)
NOT_A_MODEL = Message("{kind} 不是可以计分的模型", "{kind} is not a model that can score")
GIVE_A_MODEL = Message(
    "请给出 Scorer、hf/路径，或（模型, 分词器）", "give a Scorer, a reference hf/PATH, or (model, tokenizer)"
)
UNKNOWN_DEFINITION = Message("不认识的 IFD 定义 {name}", "unknown definition of IFD {name}")
KNOWN_DEFINITIONS = Message(
    "请用 loss-ratio（损失之比）或 perplexity-ratio（困惑度之比）", "use loss-ratio or perplexity-ratio"
)
IFD_REASONS = {
    "no-question": Message("没有问题", "no question"),
    "no-answer": Message("没有回答", "no answer"),
    "answer-too-long": Message("回答超过长度上限", "answer longer than the limit"),
    "too-long": Message("问题与回答合计超过长度上限", "question and answer longer than the limit"),
    "cut": Message("截断后没有剩下回答", "nothing of the answer left after truncation"),
    "one-token": Message(
        "回答只有一个词元，而它没有无条件概率", "one-token answer that nothing predicts without a question"
    ),
    "not-finite": Message("单独回答的损失为零，比值无意义", "no loss without the question, so no ratio"),
}
OTHER_SETTINGS = Message(
    "文件夹里的结果是用另外的设置得到的（{names} 不同）",
    "the results in this folder were made with other settings ({names} differ)",
)
OTHER_FOLDER = Message("请换一个输出路径，或删除它", "choose another output path, or remove it")
NOT_OURS = Message("这里已有别的内容", "something else is already there")
ROWS_MISSING = Message("读入 {rows} 行，却只写出 {written} 行", "{rows} rows were read but {written} written")
RUN_AGAIN = Message("请再运行一次补齐", "run it again to fill in the rest")
NO_FIELD = Message("缺少字段 `{name}`", "the field `{name}` is missing")
NOT_TEXT = Message("字段 `{name}` 不是文本", "the field `{name}` is not text")
QUOTE_IT = Message("请写成字符串", "write it as a string")
UNKNOWN_ENGINE = Message("不认识的执行方式 {name}", "unknown engine {name}")
KNOWN_ENGINES = Message("请用 local 或 ray", "use local or ray")
NAME_FIELDS = Message("请按文档命名字段", "name the fields as the documentation says")

NO_WEIGHTS = Message("模型 {reference} 给不出对数概率", "the model {reference} gives no likelihoods")
USE_WEIGHTS = Message("请用 embedded 或 hf/路径", "use embedded or hf/PATH")

# plumbline score
SCORE_HELP = Message(
    "计算每条续写在其前文之后的对数概率", "log-probability of each continuation after its context"
)
PAIRS_HELP = Message(
    "含 context 与 continuation 两个字段的文件：JSONL、JSON、CSV、XLSX、Parquet",
    "file with the fields context and continuation: JSONL, JSON, CSV, XLSX, Parquet",
)
OUTPUT_HELP = Message(
    "输出：存放 Parquet 分片的文件夹；中断后用同样的命令接着做",
    "output: a folder of Parquet shards; after an interruption the same command goes on",
)
BUDGET_HELP = Message(
    "每批词元数；默认按设备与空闲内存决定", "tokens in a batch; by default by device and free memory"
)
SHARD_HELP = Message("每个分片的行数", "rows in a shard")
ENGINE_HELP = Message("local（本机）或 ray（集群）", "local (this machine) or ray (a cluster)")
WORKERS_HELP = Message(
    "Ray 工作进程数；默认每块 GPU 或每个处理器核一个", "Ray workers; by default one per GPU, else per core"
)
COMPILE_HELP = Message("先编译模型，适合 GPU 上的长任务", "compile the model first; for long jobs on a GPU")
ROWS_DONE = Message("已计分 {rows} 行", "{rows} rows scored")
SCORED_TO = Message(
    "完成：{read} 行，本次计分 {rows} 行 → {folder}",
    "done: {read} rows, {rows} of them scored now → {folder}",
)

# plumbline ifd
IFD_HELP = Message(
    "计算每条指令数据的 IFD（问题对预测回答有多大帮助）",
    "instruction-following difficulty: how much a question helps to predict its answer",
)
INSTRUCTIONS_HELP = Message(
    "含 instruction、output（以及可选的 input）字段的文件",
    "file with the fields instruction, output and perhaps input",
)
DEFINITION_HELP = Message(
    "loss-ratio（损失之比，Cherry_LLM）或 perplexity-ratio（困惑度之比，Superfiltering）",
    "loss-ratio (Cherry_LLM) or perplexity-ratio (Superfiltering)",
)
AS_PUBLISHED_HELP = Message(
    "完全按论文脚本的提示与截断计算", "prompts and truncation exactly as in the published scripts"
)
MAX_LENGTH_HELP = Message("问题与回答合计的最长词元数", "longest question and answer together, in tokens")
TOP_HELP = Message(
    "另外写出最难的这一份（如 0.1），只取 IFD 小于 1 的行",
    "also write the hardest share, such as 0.1, of the rows with IFD below 1",
)
SELECTED_HELP = Message("把选出的行写到这个 JSONL 文件", "JSONL file for the selected rows")
TOP_AND_SELECTED = Message("--top 与 --selected 需要一起使用", "--top and --selected go together")
GIVE_BOTH = Message("请同时给出两者", "give both")
BAD_SHARE = Message("{share} 不是 0 到 1 之间的比例", "{share} is not a share between 0 and 1")
UNSCORED = Message("未计分 {count} 行：{reason}", "{count} rows without a score: {reason}")
OTHERS_AT_WORK = Message(
    "其他进程还在计分，由最后完成的进程汇总并选取",
    "other processes are still scoring; the last one to end reports and selects",
)
SELECTED_TO = Message("选出 {count} 行 → {file}", "{count} rows selected → {file}")
