"""What the readers of JSON and YAML say is wrong with a text, in both languages."""

from __future__ import annotations

import json
import re

from plumbline.language import current_language

# The libraries' own words -> Chinese. What a later version says anew stays English, beside file and line.
_JSON = {
    "Expecting value": "缺少值",
    "Expecting property name enclosed in double quotes": "字段名应当写在双引号里",
    "Expecting ':' delimiter": "缺少冒号",
    "Expecting ',' delimiter": "缺少逗号",
    "Unterminated string starting at": "引号没有闭合",
    "Invalid control character at": "文字里有未转义的换行或控制字符",
    "Invalid \\escape": "反斜杠后的字符无效",
    "Invalid \\uXXXX escape": "\\u 后面应当是四位十六进制数",
    "Extra data": "结尾之后还有多余的内容",
    "Illegal trailing comma before end of object": "最后一个字段后多了逗号",
    "Illegal trailing comma before end of array": "最后一项后多了逗号",
}
_YAML = (
    (r"mapping values are not allowed here", "这里不能再有冒号：缩进不对，或含冒号的文字没有加引号"),
    (r"sequence entries are not allowed here", "这里不能有“- ”开头的项"),
    (r"mapping keys are not allowed here", "这里不能有字段名"),
    (r"could not find expected ':'", "缺少冒号"),
    (r"expected <block end>, but found (.+)", "缩进不对，或引号没有闭合（遇到 {0}）"),
    (r"expected ',' or '([\]}])', but got (.+)", "缺少逗号或“{0}”（遇到 {1}）"),
    (r"expected the node content, but found (.+)", "缺少值（遇到 {0}）"),
    (r"expected '<document start>', but found (.+)", "结尾之后还有多余的内容（遇到 {0}）"),
    (r"but found another document", "文件里只能有一份文档（去掉多余的 ---）"),
    (r"found character (.+) that cannot start any token", "这里不能用字符 {0}（缩进要用空格，不能用制表符）"),
    (r"found unexpected end of stream", "文件在引号闭合之前结束了"),
    (r"found undefined alias (.+)", "没有定义引用 {0}"),
    (r"found unknown escape character (.+)", "反斜杠后的字符 {0} 无效"),
    (r"found unhashable key", "字段名应当是文字"),
    (r"found unconstructable recursive node", "这个值包含了它自己"),
    (r"could not determine a constructor for the tag (.+)", "不能用标签 {0}"),
    (r"special characters are not allowed", "含有不允许的控制字符"),
    (
        r"expected alphabetic or numeric character, but found (.+)",
        "& 或 * 之后应当是名字；以它们开头的文字要加引号",
    ),
    (
        r"(?:year|month|day|hour|minute|second)\b.*(?:must be in|out of range).*",
        "有一处像日期却不是有效的日期；若是文字，请加引号",
    ),
    (r"maximum recursion depth exceeded.*", "嵌套得太深"),
)


def json_detail(error: ValueError | RecursionError) -> str:
    """Say what is wrong with a text that is not JSON, and at which character of its line."""
    if not isinstance(error, json.JSONDecodeError):
        return yaml_detail(str(error))
    if current_language() == "zh":
        return f"第 {error.colno} 个字符：{_JSON.get(error.msg, error.msg)}"
    return f"character {error.colno}: {error.msg}"


def yaml_detail(problem: str) -> str:
    """Say what is wrong with a text that is not YAML."""
    plain = " ".join(problem.split())
    if current_language() == "zh":
        for pattern, sentence in _YAML:
            if found := re.fullmatch(pattern, plain):
                return sentence.format(*found.groups())
    return plain
