"""What evaluators and their commands say, Chinese and English side by side."""

from __future__ import annotations

from plumbline.language import Message

# Labelled data
RULE_BLANK = Message("没有文字：不用", "no text: left out")
RULE_SUMS = Message("这一行是上面各列的合计：不用", "the row totals the columns above it: left out")
RULE_LABEL = Message("标注不是 0 或 1：不用", "a label is neither 0 nor 1: left out")
RULE_REPEATED = Message(
    "与前面一行文字和标注都相同：只留第一行", "text and labels repeat an earlier row: the first is kept"
)
RULE_CONFLICT = Message(
    "同一段文字有不同的标注：都不用", "one text with several labellings: none of them is used"
)
NO_FILE_NAMED = Message("文档没有写明表格文件", "the document names no table")
NAME_FILE = Message("写上 file: 文件名", "add file: NAME")
NO_USABLE_ROW = Message("没有一行可用", "no row can be used")
CHECK_COLUMNS = Message(
    "检查列名，或用 --columns 给出列与价值的对应（YAML）",
    "check the column names, or map columns to values in a YAML file given by --columns",
)
LABELS_OR_VALUES = Message(
    "labels 与 values 必须且只能给出一个", "give either labels or values, and not both"
)
UNKNOWN_VALUE = Message(
    "框架 {framework} 没有价值 `{value}`", "the framework {framework} has no value `{value}`"
)
KNOWN_VALUES = Message("可用的价值：{names}", "its values are {names}")
VALUE_TWICE = Message("两列对应了同一个价值", "two columns map to one value")
NO_COLUMN = Message("没有列 `{column}`", "there is no column `{column}`")
NO_LABEL_COLUMN = Message(
    "没有一列以框架 {framework} 的价值命名", "no column is named after a value of {framework}"
)

# Folders
NOT_AN_EVALUATOR = Message("这里没有评估器", "there is no evaluator here")
TRAIN_ONE = Message(
    "用 plumbline evaluator train 训练一个，或写 embedded",
    "train one by plumbline evaluator train, or give embedded",
)
CHANGED = Message("评估器的文件被改动过或不完整", "the evaluator's files were changed or are incomplete")
TRAIN_AGAIN = Message("重新训练，或取一份完好的副本", "train it again, or get an unharmed copy")
OTHER_FORMAT = Message(
    "评估器的格式是第 {format} 版，读不了", "the evaluator has format {format}, which cannot be read"
)
OTHER_FRAMEWORK = Message(
    "评估器属于框架 {theirs}，与要用的 {ours}（或它现在的定义）不符",
    "the evaluator belongs to the framework {theirs}, which is not {ours} as it is defined here",
)
USE_FRAMEWORK = Message("换用同一框架的评估器", "use an evaluator of the same framework")
UNKNOWN_KIND = Message("不认识的评估器类型 `{kind}`", "unknown kind of evaluator `{kind}`")

# Encoders
OTHER_TRAINING = Message(
    "这个文件夹里是另一次训练（数据或设置不同）", "the folder holds another training (other data or settings)"
)
OTHER_FOLDER = Message("换一个文件夹，或删掉旧的", "give another folder, or remove the old one")
