"""Statements too long for one line, in several: at the commas and the signs outside of all brackets.

    u_bar = (
        np.roll(t_bar, -1, 0)
        + np.roll(t_bar, 1, 0)
        - 4.0 * t_bar
    )
"""

from __future__ import annotations

import ast
import re

WIDTH = 120
TAB = "    "
HEAD = re.compile(r"return |[^='\"(]*? [^\s\w]*= ")
LOOSER = re.compile(r" (?:if|else|and|or|not|in|is|for|<|>|<=|>=|==|!=|\||\^|&|<<|>>) |^not |^lambda\b")


def in_lines(line: str) -> str:
    """The text of a statement, which binds or returns something."""
    if len(line) <= WIDTH or "\n" in line:
        return line
    whole = line.lstrip()
    head = HEAD.match(whole)
    if head is None or re.search(r"\b[fF][rR]?['\"]|\"\"\"|'''", whole):
        return line
    pad = line[: len(line) - len(whole)]
    rows = _fitted(pad + head[0], whole[head.end() :], "", pad)
    return "\n".join(rows) if len(rows) > 1 and _means("\n".join(rows), pad) == _means(line, pad) else line


def _means(text: str, pad: str) -> str:
    """What the text says, however it is laid out."""
    body = "\n".join(row.removeprefix(pad) for row in text.split("\n"))
    try:
        return ast.dump(ast.parse(f"def f():\n{TAB}" + body.replace("\n", f"\n{TAB}")))
    except SyntaxError:
        return ""


def _fitted(head: str, rest: str, tail: str, pad: str) -> list[str]:
    """``rest`` between ``head`` and ``tail``, in as many lines as it takes; those inside are one tab beyond ``pad``."""
    if len(head + rest + tail) <= WIDTH:
        return [head + rest + tail]
    inner = pad + TAB
    items = _parts(rest, (", ",))
    if len(items) > 1:
        rows = [row for _, item in items for row in _fitted(inner, item, ",", inner)]
        return [f"{head}(", *rows, f"{pad}){tail}"]
    terms = _terms(rest)
    if len(terms) > 1:
        rows = [row for sign, term in terms for row in _fitted(inner + sign, term, "", inner)]
        return [f"{head}(", *rows, f"{pad}){tail}"]
    opened = _last_bracket(rest)
    if opened < 0:
        return [head + rest + tail]
    front, within = rest[: opened + 1], rest[opened + 1 : -1]
    items = _parts(within, (", ",))
    if len(items) > 1:
        rows = [row for _, item in items for row in _fitted(inner, item, ",", inner)]
    else:
        rows = [row for sign, term in _terms(within) for row in _fitted(inner + sign, term, "", inner)]
    return [head + front, *rows, f"{pad}){tail}"]


def _terms(text: str) -> list[tuple[str, str]]:
    """The terms of a sum, each with its sign; the whole where what binds less holds it together."""
    flat = "".join(char for _, char in _outside(text))
    return [("", text)] if LOOSER.search(flat) else _parts(text, (" + ", " - "))


def _parts(text: str, marks: tuple[str, ...]) -> list[tuple[str, str]]:
    """What stands between the marks outside of all brackets, each with the mark in front of it."""
    found: list[tuple[str, str]] = []
    start, sign = 0, ""
    for k, _ in _outside(text):
        mark = next((m for m in marks if text.startswith(m, k)), None)
        if mark is not None:
            found.append((sign, text[start:k]))
            start, sign = k + len(mark), mark.lstrip()
    return [*found, (sign, text[start:])]


def _outside(text: str) -> list[tuple[int, str]]:
    """The characters outside of all brackets and strings, with their places."""
    found: list[tuple[int, str]] = []
    depth, quote, k = 0, "", 0
    while k < len(text):
        char = text[k]
        if quote:
            k += char == "\\"
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth -= char in ")]}"
            if depth == 0:
                found.append((k, char))
            depth += char in "([{"
        k += 1
    return found


def _last_bracket(text: str) -> int:
    """Where the parenthesis opens that the text ends with; -1 where it ends with none."""
    opened = [k for k, char in _outside(text) if char == "("]
    return opened[-1] if opened and text.endswith(")") else -1
