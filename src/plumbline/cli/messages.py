"""What the command line says, in both languages. Verbs add theirs in sections of their own."""

from __future__ import annotations

from plumbline.cli import language as _language  # noqa: F401  (reads --lang before any text is made)
from plumbline.language import Message

APP_HELP = Message(
    "准绳：测量语言模型体现的价值观，依据声明的框架进行调整，并证明变好与变坏之处。",
    "Plumbline: measure the values a language model shows, move it, and prove what changed.",
)
LANGUAGE_HELP = Message("显示语言：zh 或 en，写在子命令之前", "language shown: zh or en, before the verb")
VERSION_HELP = Message("显示版本后退出", "show the version and exit")
ERROR = Message("错误：", "error:")
INTERRUPTED = Message("已中断；已完成的部分都已保存", "interrupted; what was done is kept")

# a command as typed
MISSING_OPTION = Message("缺少选项 {name}", "the option {name} is missing")
MISSING_ARGUMENT = Message("缺少参数 {name}", "the argument {name} is missing")
UNKNOWN_OPTION = Message("没有选项 {name}", "there is no option {name}")
UNKNOWN_VERB = Message("没有命令 {name}", "there is no command {name}")
OPTION_WITHOUT_VALUE = Message("选项 {name} 后面缺少值", "the option {name} needs a value")
TOO_MANY_ARGUMENTS = Message("多余的参数：{name}", "there are arguments too many: {name}")
WRONG_VALUE = Message("{name} 的值不对：{why}", "the value of {name} is wrong: {why}")
NOT_ONE_OF = Message("{value} 不在 {allowed} 之中", "{value} is not one of {allowed}")
DID_YOU_MEAN = Message("是否想写 {near}？", "did you mean {near}?")
SEE_HELP = Message("用法见 {command} --help", "see {command} --help")
SYSTEM_ERRORS = {
    "ENOENT": Message("没有这个文件或文件夹", "no such file or folder"),
    "EACCES": Message("没有权限", "permission denied"),
    "EPERM": Message("没有权限", "permission denied"),
    "EROFS": Message("所在的磁盘只能读", "the disk can only be read"),
    "ENOSPC": Message("磁盘已满", "the disk is full"),
    "EDQUOT": Message("磁盘配额已用完", "the disk quota is used up"),
    "EISDIR": Message("这是文件夹，不是文件", "this is a folder, not a file"),
    "ENOTDIR": Message("路径中有一段不是文件夹", "a part of the path is not a folder"),
    "EEXIST": Message("已有同名的文件", "a file of that name is there already"),
    "ENAMETOOLONG": Message("文件名太长", "the name is too long"),
}

# frameworks
FRAMEWORKS_HELP = Message(
    "有哪些价值框架，由谁声明，出自哪里", "which value frameworks there are, whose, from where"
)
FRAMEWORKS_SHOW_HELP = Message("显示一个框架的全部价值与定义", "show one framework with all its values")
FRAMEWORK_REFERENCE_HELP = Message(
    "框架的 id，或 YAML 文件的路径", "id of a framework, or path of a YAML file"
)
COLUMN_ID = Message("标识", "id")
COLUMN_TITLE = Message("名称", "title")
COLUMN_DECLARED_BY = Message("声明者", "declared by")
COLUMN_VALUES = Message("价值数", "values")
COLUMN_SOURCE = Message("出处", "source")
COLUMN_LEVEL = Message("层面", "level")
COLUMN_NAME = Message("名称", "name")
COLUMN_DEFINITION = Message("定义", "definition")
LABEL_LICENCE = Message("许可", "licence")
LABEL_LIMITS = Message("局限", "limits")
LABEL_AUTHORSHIP = Message("定义的撰写", "who wrote the definitions")

# measure
MEASURE_HELP = Message(
    "向模型出题，评分并保存为运行文件夹", "put a suite to a model, grade it, keep it as a run folder"
)
MODEL_HELP = Message(
    "模型：embedded、hf/路径、answers/文件、openai/名称、vllm/名称 …",
    "model: embedded, hf/PATH, answers/FILE, openai/NAME, vllm/NAME ...",
)
SUITE_HELP = Message("题集的 id 或路径", "id or path of a suite")
RUN_FOLDER_HELP = Message(
    "运行文件夹；已有未完成的同一次运行时接着做", "run folder; an interrupted run in it goes on"
)
METHOD_HELP = Message(
    "提问方式，可写多次：generate、label、reply-token、reply-char、reply-pmi；默认全部适用的",
    "way of asking, may be given several times: generate, label, reply-token, reply-char, reply-pmi; all that apply by default",
)
VARIANT_HELP = Message(
    "题目的说法，可写多次：original、paraphrase、en",
    "wording of items, may be given several times: original, paraphrase, en",
)
TEMPLATE_HELP = Message(
    "模板：replies（CValues 两个回复）、letters（字母选项）或 YAML 文件；默认按题集",
    "template: replies (two replies, CValues), letters, or a YAML file; the suite's own by default",
)
MAX_TOKENS_HELP = Message("回复的最长词元数", "longest reply, in tokens")
TEMPERATURE_HELP = Message("采样温度；0 为贪心", "sampling temperature; 0 is greedy")
SEED_HELP = Message("随机种子", "random seed")
LIMIT_HELP = Message("只用前若干题试跑", "only the first items, for a trial")
NAME_HELP = Message("报告中对模型的称呼", "what reports call the model")
DTYPE_HELP = Message(
    "本地模型的数值类型：float32、bfloat16、float16、auto",
    "number type of a local model: float32, bfloat16, float16, auto",
)
DEVICE_HELP = Message(
    "本地模型的设备：cpu、cuda、cuda:1、mps", "device of a local model: cpu, cuda, cuda:1, mps"
)
BATCH_SIZE_HELP = Message("本地模型一次生成多少条", "prompts a local model generates for at once")
TRUST_HELP = Message(
    "运行模型文件夹自带的代码（默认绝不）", "run code that comes with the model (never by default)"
)
REVISION_HELP = Message("模型的版本", "revision of the model")
RUN_INTERRUPTED = Message(
    "已中断；{folder} 里保存了已完成的部分：再运行同一条命令即可继续，也可以先看 plumbline report {folder}",
    "interrupted; {folder} holds what was done: run the same command again to go on, or see it with plumbline report {folder}",
)
NOT_BEGUN = Message(
    "已中断，还没有开始提问，什么也没有写下", "interrupted before anything was asked; nothing was written"
)
EVALUATOR_HELP = Message(
    "用评估器给回复画价值画像，可写多次：embedded 或评估器文件夹",
    "evaluator that draws a value profile of the replies, may be given several times: embedded, or a folder",
)
JUDGE_HELP = Message(
    "请模型按评分标准评开放题的回复，可写多次，如 openai/名称",
    "model that grades replies to open items by a rubric, may be given several times, for instance openai/NAME",
)
SCALE_HELP = Message(
    "评分尺度：ten（1–10 分）或 letters（A/B/C）", "scale of grades: ten (1 to 10) or letters (A/B/C)"
)
PROFILE_DRAWN = Message("价值画像已写入 {file}", "value profile written to {file}")
COLUMN_JUDGE = Message("评判", "judge")
JUDGES_AGREE = Message(
    "评判之间的一致程度：Krippendorff α（有序）{alpha} [{limits}]",
    "agreement among judges: Krippendorff's alpha (ordinal) {alpha} [{limits}]",
)
COLUMN_MEAN = Message("平均分", "mean")
COLUMN_GRADED = Message("已评", "graded")
COLUMN_ERRORS = Message("出错", "failed")
RUN_WRITTEN = Message("运行已写入 {folder}", "run written to {folder}")
COLUMN_METHOD = Message("方式", "method")
COLUMN_ACCURACY = Message("acc", "acc")
COLUMN_ACCURACY_ANSWERED = Message("acc*", "acc*")
COLUMN_ORDER_CONSISTENCY = Message("换序一致", "consistent")
COLUMN_FIRST = Message("选第一个", "first")
COLUMN_REFUSED = Message("拒答", "refused")
COLUMN_UNPARSED = Message("无法解析", "unparsed")
BASELINE_LINE = Message(
    "不看题也能得到：随机 {chance}，选较长的 {longer}，只看选项的分类器 {answer_only}",
    "without reading the question: guessing {chance}, the longer option {longer}, a classifier of options {answer_only}",
)

# compare
COMPARE_HELP = Message("比较同一题集的几次运行", "compare runs of one suite")
COMPARE_RUNS_HELP = Message("运行文件夹，第一个作为基准", "run folders, the first is the baseline")
COLUMN_GROUP = Message("组", "group")
COLUMN_ITEMS = Message("题数", "items")
COLUMN_BEFORE = Message("前", "before")
COLUMN_AFTER = Message("后", "after")
COLUMN_DIFFERENCE = Message("差（百分点）", "change (points)")
COLUMN_P = Message("p（Holm）", "p (Holm)")
COLUMN_VERDICT = Message("结论", "verdict")
WHOLE_SUITE = Message("整个题集", "whole suite")
COLUMN_DETECTABLE = Message("能看出", "could see")
DETECTABLE_CAPTION = Message(
    "“能看出”：这些题以八成把握看得出的最小变化（百分点）",
    "could see: the smallest change, in points, that these items would show with 80% power",
)
ONLY_IN = Message(
    "只有 {run} 有的 {n} 题未比较：{items}", "{n} items that only {run} has were not compared: {items}"
)
JSON_HELP = Message("输出 JSON", "print JSON")
CSV_HELP = Message("输出 CSV", "print CSV")

# report
REPORT_HELP = Message("把一次或几次运行写成一页报告", "write one page about one or several runs")
REPORT_RUNS_HELP = Message(
    "运行文件夹；多个时第一个作为基准", "run folders; the first is the baseline of several"
)
REPORT_FILE_HELP = Message("写到哪个文件（默认 report.html）", "file to write (report.html by default)")
REPORT_LANGUAGE_HELP = Message("报告的语言：zh 或 en", "language of the report: zh or en")
REPORT_WRITTEN = Message("报告已写入 {file}", "report written to {file}")

# export
EXPORT_HELP = Message("把题集导出给别的工具", "write a suite for another tool")
EXPORT_FOLDER_HELP = Message("写到哪个文件夹", "folder to write to")
EXPORT_TO_HELP = Message("工具：lm-eval", "the tool: lm-eval")
EXPORT_WRITTEN = Message(
    "已写好任务 {task}；运行：lm_eval run --tasks {task} --include_path {folder} --model hf …",
    "task {task} written; run lm_eval run --tasks {task} --include_path {folder} --model hf ...",
)
