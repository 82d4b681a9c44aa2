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
