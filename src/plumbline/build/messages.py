"""Everything the build says to people."""

from __future__ import annotations

from plumbline.language import Message

# Recipes and sources
NO_RECIPE = Message("没有名为 `{name}` 的配方", "there is no recipe `{name}`")
CHOOSE_RECIPE = Message(
    "可用：{names}，或给出 YAML 文件的路径", "use one of {names}, or the path of a YAML file"
)
SOURCE_TWICE = Message("来源 `{name}` 出现两次", "the source `{name}` is used twice")
NO_STEP_CLASS = Message("找不到步骤 `{call}`（{detail}）", "the step `{call}` cannot be found ({detail})")
NOT_A_STEP = Message("`{call}` 不是 Step 的子类", "`{call}` is no subclass of Step")
MEND_STEP_CLASS = Message(
    "写成 模块:类，并确认该模块可以导入", "write module:Class, and see that the module can be imported"
)
CORRECT = Message("改正这个值", "correct this value")
NO_EVALUATOR = Message("这里没有评估器", "there is no evaluator here")
GIVE_EVALUATOR = Message(
    "写成 plumbline evaluator train 得到的文件夹，或 embedded",
    "give a folder made by plumbline evaluator train, or embedded",
)
JUDGE_NEEDS_MODEL = Message("`by: judge` 需要写明 model", "`by: judge` needs a model: give `model`")
FRACTIONS = Message("各份比例之和应当是 1", "the fractions should add up to 1")
NOTHING_TO_LOAD = Message("没有写明从哪里读取", "nothing says where to read from")
GIVE_PATH = Message("填写 path 或 dataset", "give `path` or `dataset`")
NO_SUCH_FILE = Message("文件不存在", "no such file")
CHECK_PATH = Message(
    "检查路径；相对路径从配方所在的文件夹算起", "check the path; relative ones start from the recipe's folder"
)
BAD_DECISION = Message(
    "每行需要 id 和 decision（accept、edit、reject）", "each row needs id and decision (accept, edit, reject)"
)
MEND_DECISION = Message("从审核页面重新导出", "export it from the review pages again")
NO_PROMPT = Message("没有名为 `{name}` 的提示词文件", "there is no prompt file `{name}`")
PROMPT_FIELD = Message("提示词用到了不存在的变量 {name}", "the prompt uses an unknown variable {name}")
KNOWN_FIELDS = Message("可用的变量：{names}", "the variables are {names}")

# Building
ROWS_LOST = Message(
    "行数对不上：进来 {arrived}，新增 {made}，留下 {kept}，拒绝 {rejected}",
    "rows do not add up: {arrived} arrived, {made} made, {kept} kept, {rejected} rejected",
)
ROWS_NOT_TAKEN = Message(
    "上一步交出 {arrived} 行，这一步只收到 {taken} 行", "{arrived} rows were handed on, {taken} arrived"
)
REPORT_BUG = Message("这是程序的错误，请报告", "this is a fault of the program, please report it")
SHARD_GONE = Message("分片不见了", "a shard is gone")
RUN_AGAIN = Message("给同一条命令加上 --resume 即可继续", "run the same command with --resume to go on")
BUSY = Message("另一个构建正在使用这个文件夹", "another build works in this folder")
WAIT = Message("等它结束，或换一个文件夹", "wait for it, or use another folder")
WORKING = Message("{step} {source}", "{step} {source}")
NOT_BUILT = Message("这里没有构建完成的数据集", "there is no finished data set here")
BUILD_FIRST = Message("先运行 plumbline build", "run plumbline build first")
NO_SUCH_ROW = Message("没有 id 为 `{id}` 的样本", "there is no sample `{id}`")
LIST_ROWS = Message("用 plumbline data show 查看全部", "see them all with plumbline data show")
NO_FORMAT = Message("没有名为 `{name}` 的格式", "there is no format `{name}`")
CHOOSE = Message("可用：{names}", "use one of {names}")

# Language models
NO_PRICE = Message("设了费用上限，但不知道 {model} 的价格", "a cost limit is set, but {model} has no price")
GIVE_PRICE = Message(
    "在配方的 prices 中写上 {model} 每百万词元的价格",
    "give {model}'s price per million tokens under `prices`",
)
CALLS_SPENT = Message(
    "已达到调用次数上限 {limit}，构建暂停", "the limit of {limit} calls is reached; the build pauses"
)
RAISE_CALLS = Message(
    "提高 --max-calls，加上 --resume 继续；已有的结果都在",
    "raise --max-calls and add --resume to go on; nothing is lost",
)
COST_SPENT = Message(
    "费用已用 {cost}，下一次调用可能超过上限 {limit}，构建暂停",
    "{cost} is spent and the next call could pass the limit of {limit}; the build pauses",
)
RAISE_COST = Message(
    "提高 --max-cost，加上 --resume 继续；已有的结果都在",
    "raise --max-cost and add --resume to go on; nothing is lost",
)
PROVIDER_DOWN = Message(
    "{model} 一直没有应答（{detail}），构建暂停", "{model} does not answer ({detail}); the build pauses"
)
UNUSABLE_MODEL = Message("不能使用模型 {model}（{detail}）", "model {model} cannot be used ({detail})")
CHECK_MODEL = Message(
    "检查“服务商/模型名”的写法，以及该服务商要求的密钥环境变量",
    "check provider/model and the environment variable the provider wants for its key",
)

# Why rows are rejected
_REASONS = {
    "no-instruction": Message("没有指令", "no instruction"),
    "no-output": Message("没有回答", "no answer"),
    "unsafe-answer": Message("两个回答里较好的那个也不安全", "even the better of two answers is unsafe"),
    "unknown-class": Message(
        "类别不是 person、social、nation 之一", "the class is none of person, social, nation"
    ),
    "unknown-value": Message("框架里没有这个价值", "the framework has no such value"),
    "question-too-short": Message("问题太短", "question too short"),
    "question-too-long": Message("问题太长", "question too long"),
    "answer-too-short": Message("回答太短", "answer too short"),
    "answer-too-long": Message("回答太长", "answer too long"),
    "personal-data": Message("含有个人信息", "holds personal data"),
    "other-language": Message("回答不是这一行的语言", "answer in another language"),
    "only-a-refusal": Message("回答只是拒绝", "the answer only refuses"),
    "repeats": Message("与前面一行完全相同", "repeats an earlier row"),
    "nearly-repeats": Message("与前面一行几乎相同", "nearly repeats an earlier row"),
    "test-item-in-question": Message("问题里有测试题", "a test item in the question"),
    "test-item-in-answer": Message("回答里有测试题", "a test item in the answer"),
    "group-is-full": Message("这一组已经够多", "its group has enough rows"),
    "seed-only": Message("只作种子，不进数据集", "a seed only, not for the data set"),
    "original-of-a-translation": Message("译文的原文", "the original of a translation"),
    "awaiting-review": Message("等待人工审核", "awaits review"),
    "reviewer-rejected": Message("审核未通过", "rejected by a reviewer"),
    "malformed-reply": Message("模型的回复不合格式", "the model's reply is malformed"),
    "cut-reply": Message("模型的回复被截断", "the model's reply was cut"),
    "refused-reply": Message("模型拒绝了请求", "the model refused"),
    "no-gain": Message("改写没有增加信息", "the rewrite adds nothing"),
    "copies-prompt": Message("改写照抄了提示词", "the rewrite copies the prompt"),
    "only-punctuation": Message("回复里只有标点或虚词", "the reply is only punctuation or function words"),
    "short-apology": Message("回复只是简短的道歉", "the reply is a short apology"),
    "unlike-back-translation": Message("回译与原文相差太远", "the back-translation is far from the original"),
    "poor-translation": Message("译文质量不够", "the translation is not good enough"),
    "like-another-question": Message("与已有的问题太像", "too much like a question there is"),
    "critic-rejected": Message("评审不通过", "the critic turned it down"),
    "no-worse-answer": Message("没有较差的回答", "there is no worse answer"),
    "grades-contradict": Message("较好的回答并不更好", "the better answer is not the better one"),
    "alike-answers": Message("两个回答太像", "the two answers are too much alike"),
    "low-score": Message("得分太低", "score too low"),
    "ifd-not-scored": Message("IFD 无法计算", "IFD could not be computed"),
    "ifd-not-selected": Message("IFD 不在选取范围内", "IFD outside the selection"),
}


def reason(code: str) -> str:
    """Return why a row was rejected, in the language in force; a step of a user's own keeps its own word."""
    return _REASONS[code]() if code in _REASONS else code


# The command line
BUILD_HELP = Message("按配方构建数据集", "build a data set from a recipe")
EXPLAIN_HELP = Message(
    "花费之前先看计划：步骤、调用次数、词元和费用",
    "the plan, calls, tokens and cost, before anything is spent",
)
RECIPES_HELP = Message("列出自带的配方", "list the recipes that come with the package")
RECIPE_HELP = Message(
    "配方 YAML 的路径，或自带配方的名字", "path of a recipe YAML, or the name of one of ours"
)
FOLDER_HELP = Message("数据集所在的文件夹", "folder of the data set")
OUTPUT_HELP = Message("写到哪里", "where to write")
ENGINE_HELP = Message("local（本机多进程）或 ray（集群）", "local (processes here) or ray (a cluster)")
WORKERS_HELP = Message("本机进程数", "processes of the local engine")
DRY_RUN_HELP = Message("每个来源只取这么多行试跑", "try it on this many rows of each source")
MAX_COST_HELP = Message("调用模型的总费用上限", "most that calls of models may cost in all")
MAX_CALLS_HELP = Message("调用模型的总次数上限", "most calls of models in all")
RESUME_HELP = Message("文件夹里已有未完成的构建时继续", "go on with an unfinished build in the folder")
DATA_HELP = Message("查看、说明和导出数据集", "look at, describe and export data sets")
SHOW_HELP = Message("查看样本，或一行的来龙去脉", "show samples, or one row's whole story")
CARD_HELP = Message("写出数据卡", "write the data card")
EXPORT_HELP = Message("导出成别的格式", "export in another format")
REJECTED_HELP = Message("查看被拒绝的样本", "show rejected samples")
ROW_HELP = Message("样本 id", "id of a sample")
LIMIT_HELP = Message("最多显示多少行", "show this many rows at most")
FORMAT_HELP = Message("格式：{names}", "one of {names}")
PUSH_HELP = Message(
    "上传到 Hugging Face 的这个数据集（用户/名字）", "upload to this data set on Hugging Face (user/name)"
)
PRIVATE_HELP = Message("上传成私有数据集", "upload as a private data set")
HAS_DATA = Message("文件夹里已有一次构建", "the folder holds a build already")
ADD_RESUME = Message(
    "加 --resume 继续，或换一个文件夹", "add --resume to go on with it, or use another folder"
)
INTERRUPTED = Message(
    "已中断；做完的部分和收到的回复都在 {folder} 里，加 --resume 继续",
    "interrupted; what was done and every reply is kept in {folder}: add --resume to go on",
)
FINISHED = Message(
    "完成：{rows} 行留下，{rejected} 行拒绝 → {folder}",
    "done: {rows} rows kept, {rejected} rejected → {folder}",
)
WROTE = Message("写出 {path}：{rows} 行", "wrote {path}: {rows} rows")
NO_PAIRS = Message(
    "dpo 只写出有优劣两个回答的行；这个数据集里没有",
    "dpo holds rows with a better and a worse answer; this data set has none",
)
NOTHING_REJECTED = Message("没有一行被拒绝", "no row was rejected")
NOTHING_KEPT = Message("没有留下任何一行；加 --rejected 看原因", "no row was kept: add --rejected to see why")
WROTE_CARD = Message("写出 {path}", "wrote {path}")
PUSHED = Message(
    "已上传到 {url}：{rows} 行；没有许可、待审核或审核未通过的 {left} 行没有上传",
    "uploaded to {url}: {rows} rows; {left} rows without a licence or a passed review stayed here",
)
HELD_BACK = Message(
    "另有 {rows} 行没有许可、等待审核或审核未通过，不在其中。",
    "{rows} further rows without a licence or a passed review are not in here.",
)
NOTHING_TO_PUSH = Message(
    "{rows} 行里没有一行可以发布：没有许可，或者没有通过审核",
    "none of the {rows} rows may be published: no licence, or no passed review",
)
GIVE_LICENCE = Message(
    "在来源的 load 中写明 licence，或先完成审核", "give `licence` in the source's load, or finish the review"
)
NOT_PUSHED = Message("没有上传成功（{detail}）", "the upload failed ({detail})")
CHECK_TOKEN = Message(
    "检查 HF_TOKEN 有没有写权限、名字是不是 用户/名字、网络是否可达",
    "check that HF_TOKEN may write, that the name is user/name, and that the hub can be reached",
)
ESTIMATES = Message(
    "以下为估计：行数按各步骤的经验比例推算，词元按字数推算",
    "these are estimates: rows by each step's usual share, tokens by characters",
)
UNPRICED = Message("没有价格", "no price")
COLUMN_STEP = Message("步骤", "step")
COLUMN_SOURCE = Message("来源", "source")
COLUMN_ARRIVED = Message("进来", "in")
COLUMN_MADE = Message("新增", "made")
COLUMN_KEPT = Message("留下", "kept")
COLUMN_REJECTED = Message("拒绝", "rejected")
COLUMN_ROWS = Message("行数", "rows")
COLUMN_MODEL = Message("模型", "model")
COLUMN_CALLS = Message("调用", "calls")
COLUMN_READ = Message("读入词元", "tokens read")
COLUMN_WRITTEN = Message("写出词元", "tokens written")
COLUMN_COST = Message("费用", "cost")
COLUMN_REASON = Message("原因", "reason")
COLUMN_INSTRUCTION = Message("指令", "instruction")
COLUMN_CLASS = Message("类别", "class")
COLUMN_DETAIL = Message("细节", "detail")
COLUMN_NAME = Message("名字", "name")
COLUMN_ID = Message("编号", "id")
COLUMN_ABOUT = Message("说明", "about")
TOTAL = Message("合计", "total")

# A row's story
STORY_INSTRUCTION = Message("指令", "instruction")
STORY_INPUT = Message("输入", "input")
STORY_OUTPUT = Message("回答", "answer")
STORY_WORSE = Message("较差的回答", "worse answer")
STORY_ABOUT = Message(
    "来源 {source}，类别 {categorization}，语言 {tongue}，许可 {licence}",
    "source {source}, class {categorization}, language {tongue}, licence {licence}",
)
STORY_VALUES = Message("价值：{values}", "values: {values}")
STORY_SCORES = Message("得分：{scores}", "scores: {scores}")
STORY_PARENTS = Message("由 {parents} 而来", "made from {parents}")
STORY_REVIEW = Message("审核：{state}", "review: {state}")
STORY_REJECTED = Message("在 {step} 被拒绝：{reason}（{detail}）", "rejected by {step}: {reason} ({detail})")
STORY_HISTORY = Message("经过", "what happened")
STORY_PROMPT = Message("提示词", "prompt")
STORY_REPLY = Message("原始回复", "raw reply")
NONE = Message("无", "none")
