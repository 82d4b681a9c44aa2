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

# A companion
OTHER_COMPANION = Message(
    "附加文本 {name} 不按框架 {framework} 标注，或缺少其中的价值",
    "the further texts {name} are not labelled by {framework}, or lack a value of it",
)
GIVE_COMPANION = Message(
    "给出同一框架的标注文本，或写 --also none", "give texts labelled by the same framework, or --also none"
)
ALSO_HELP = Message(
    "linear：再从这些标注文本学习：own（我们自己的，由机器撰写；默认）、none，或同 --data",
    "linear: labelled texts to learn from beside the data: own (ours, written by a machine; default), none, or as --data",
)
ALSO_USED = Message("另外也学习了 {name} 的 {n} 段文本", "learnt from {n} texts of {name} as well")
ALSO_LEFT_OUT = Message(
    "{name} 的 {n} 段文本没有用：试过，对留出的行并无帮助",
    "{n} texts of {name} were left out: a trial found no help on rows left out",
)
ALSO_BY_MACHINE = Message(
    "  是我们自己的，由机器撰写；不要就加 --also none",
    "  ours, written by a machine; --also none leaves them out",
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

# Commands
EVALUATOR_HELP = Message(
    "训练、检验和使用能看出文字中价值的评估器", "train, test and use evaluators that see values in text"
)
TRAIN_HELP = Message("训练一个评估器", "train an evaluator")
TEST_HELP = Message("在带标注的文本上检验评估器", "score an evaluator on labelled texts")
PREDICT_HELP = Message("给文本打出各价值的概率", "give texts the probability of each value")
PROFILE_HELP = Message("画出各模型回答的价值画像", "draw the value profile of models' answers")
DATA_HELP = Message(
    "带标注的文本：valuecsv、paragraphs、表格文件，或写明列的 YAML",
    "labelled texts: valuecsv, paragraphs, a table, or a YAML document that maps its columns",
)
COLUMNS_HELP = Message("写明列与价值对应的 YAML", "YAML document that maps columns to values")
FRAMEWORK_HELP = Message(
    "价值框架（表格没有另外写明时）", "value framework, where the table's columns name none"
)
EVALUATOR_OUT_HELP = Message(
    "评估器写到哪个文件夹；默认 evaluators/ 下以数据和类型命名",
    "folder to write the evaluator to; one named after data and kind in evaluators/ by default",
)
KIND_HELP = Message("linear（默认，不需下载）或 encoder", "linear (default, no download) or encoder")
SPLIT_HELP = Message("70/20/10 划分的随机种子", "seed of the 70/20/10 split")
CHARACTERS_HELP = Message("linear：最长几个字的片段", "linear: longest n-gram, in characters")
BACKBONE_HELP = Message("encoder：编码器的文件夹或名称", "encoder: folder or hub name of the encoder")
HEADS_HELP = Message(
    "encoder：shared（各价值共用一个）或 separate（每个价值一个）",
    "encoder: shared (one for all values) or separate (one a value)",
)
AS_PUBLISHED_HELP = Message(
    "encoder：按 ValueCSV 公布的设置，去掉其中的泄漏",
    "encoder: ValueCSV's published settings, without the leaks",
)
EPOCHS_HELP = Message("encoder：最多几轮", "encoder: most epochs")
BATCH_HELP = Message("encoder：一批几段文本", "encoder: texts a batch")
ACCUMULATE_HELP = Message("encoder：几批合为一步", "encoder: batches a step")
RATE_HELP = Message("encoder：最高学习率", "encoder: highest learning rate")
WINDOW_HELP = Message("encoder：一个窗口几个词元", "encoder: tokens a window")
LOSS_HELP = Message("encoder：pos_weight 或 asymmetric", "encoder: pos_weight or asymmetric")
PRECISION_HELP = Message("encoder：混合精度", "encoder: mixed precision")
DEVICE_HELP = Message("encoder：cpu 表示不用加速卡", "encoder: cpu leaves accelerators alone")
NO_BACKBONE = Message("没有写明编码器", "no encoder was named")
GIVE_BACKBONE = Message(
    "用 --backbone 给出，例如 hfl/chinese-roberta-wwm-ext-large",
    "give --backbone, for instance hfl/chinese-roberta-wwm-ext-large",
)
EPOCH = Message(
    "{name} 第 {n} 轮：损失 {loss}，验证 {score}", "{name} epoch {n}: loss {loss}, validation {score}"
)
ROWS_USED = Message("{name}：用 {n} 段文本", "{name}: {n} texts are used")
ROWS_DROPPED = Message("  {n} 行：{rule}", "  {n} rows: {rule}")
EVALUATOR_WRITTEN = Message("评估器已写入 {folder}", "evaluator written to {folder}")
EVALUATOR_ARGUMENT_HELP = Message("评估器的文件夹，或 embedded", "folder of an evaluator, or embedded")
TEST_SPLIT_HELP = Message(
    "只用这个种子划分出的检验部分；默认是训练时的划分",
    "only the test part of the split with this seed; by default that of the training",
)
SAME_DATA = Message(
    "注意：评估器就是用这份数据训练的，又没有留下检验部分；下面的分数偏高。",
    "Mind: the evaluator was trained on this data and no test part was left; the scores below are too good.",
)
OTHER_VALUES = Message("标注的价值与评估器的不同", "the labels are of other values than the evaluator's")
JSON_HELP = Message("输出 JSON", "print JSON")
TEXTS_HELP = Message("文本的表格", "table of texts")
TEXT_COLUMN_HELP = Message("文本所在的列", "column of the text")
GIVE_TEXT_COLUMN = Message("用 --text 写明文本所在的列", "name the column of the text by --text")
PREDICT_OUT_HELP = Message("写到哪个文件（默认标准输出）", "file to write (standard output by default)")
PREDICTED = Message("{n} 段文本的概率已写入 {file}", "probabilities of {n} texts written to {file}")
SCORES_TITLE = Message(
    "{rows} 段：宏平均 F1 {macro}，微平均 F1 {micro}，平均精度均值 {ap}，标签正确率 {accuracy}，全对 "
    "{exact}，校准误差 {error}",
    "{rows} texts: macro-F1 {macro}, micro-F1 {micro}, mAP {ap}, label accuracy {accuracy}, exact match "
    "{exact}, "
    "calibration error {error}",
)
COLUMN_VALUE = Message("价值", "value")
COLUMN_PREVALENCE = Message("占比", "prevalence")
COLUMN_PRECISION = Message("查准", "precision")
COLUMN_RECALL = Message("查全", "recall")
COLUMN_F1 = Message("F1", "F1")
COLUMN_AP = Message("平均精度", "avg. precision")
COLUMN_ERROR = Message("校准误差", "calibr. error")
ANSWERS_HELP = Message(
    "回答的表格：一列问题，每个模型一列", "table of answers: a column of questions, a column a model"
)
EVALUATORS_HELP = Message(
    "评估器的文件夹，可写多次；默认 embedded（演示级）",
    "evaluator folder, may be repeated; embedded (demo grade) by default",
)
PROFILE_OUT_HELP = Message("画像写到哪个 .html 或 .json 文件", ".html or .json file to write the profile to")
PROFILE_MODELS_HELP = Message(
    "只画这些模型（列名），可写多次", "only these models (columns), may be repeated"
)
QUESTION_COLUMN_HELP = Message("问题所在的列", "column of the questions")
REASONS_HELP = Message("每个模型、每个价值列出几句依据", "sentences to show for each model and value")
PROFILE_QUESTIONS = Message(
    "{asked} 题中用了所有模型都回答的 {common} 题（{left} 题不用）",
    "{common} of {asked} questions, those that every model answered ({left} left out)",
)
PROFILE_FAR = Message(
    "注意：这些回答与评估器的训练文本相差较大，分数只宜用于比较模型。",
    "Mind: these answers are unlike the evaluator's training texts; use the scores to compare models only.",
)
PROFILE_WRITTEN = Message("画像已写入 {file}", "profile written to {file}")
