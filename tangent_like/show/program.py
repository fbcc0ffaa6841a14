"""Programs of the small language as text, between the stages: a line a statement, with facts beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from tangent_like.backend import emit
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Bind,
    Block,
    Comprehension,
    Define,
    Expr,
    Fresh,
    Function,
    If,
    Lambda,
    Loop,
    Name,
    Origin,
    Pass,
    Ref,
    Return,
    Starred,
    Stmt,
    Try,
    Walrus,
)
from tangent_like.ir.walk import blocks, expressions, rebuild, subexpressions

WIDE = (Lambda, Starred, Walrus, Comprehension)  # what the text that is emitted never has


def spelled(ref: Ref) -> str:
    return ref.spelling


def shown(expr: Expr) -> str:
    """An expression as text; what a name holds after its statement has a ``'``."""

    def plain(e: Expr) -> Expr:
        return Name(f"{e.name}'") if isinstance(e, Fresh) else rebuild(e, plain)

    return emit.expression(plain(expr), spelled)


def head(stmt: Stmt) -> str:
    """The first line of a statement, as Python has it."""
    match stmt:
        case Bind() | Loop() | Define():  # of the wider language, which is never printed: as the user wrote it
            text = "" if stmt.origin is None else stmt.origin.text
            return text if isinstance(stmt, Bind) or text.endswith(":") else f"{text}:"
        case _ if any(isinstance(e, WIDE) for top in expressions(stmt) for e in subexpressions(top)):
            return "" if stmt.origin is None else stmt.origin.text
        case Try():
            return "try:"
        case Return(value):
            return "return" if value is None else f"return {shown(value)}"
        case _:
            return emit.statement(with_blocks(stmt, lambda _: (Pass(),)), spelled)[0]


def numbered(body: Block, depth: int = 0) -> Iterator[tuple[Stmt | None, str]]:
    """Each statement with its first line, indented; None for the lines between its blocks."""
    pad = "    " * depth
    for stmt in body:
        yield stmt, pad + head(stmt)
        match stmt:
            case If():
                for k, arm in enumerate(stmt.arms):
                    if k:
                        yield None, f"{pad}elif {shown(arm.test)}:"
                    yield from numbered(arm.body or (Pass(),), depth + 1)
                if stmt.orelse:
                    yield None, f"{pad}else:"
                    yield from numbered(stmt.orelse, depth + 1)
            case Try():
                yield from numbered(stmt.body, depth + 1)
                for handler in stmt.handlers:
                    what = "" if handler.type is None else f" {shown(handler.type)}"
                    yield None, f"{pad}except{what}{f' as {handler.name}' if handler.name else ''}:"
                    yield from numbered(handler.body or (Pass(),), depth + 1)
                for word, inner in (("else", stmt.orelse), ("finally", stmt.final)):
                    if inner:
                        yield None, f"{pad}{word}:"
                        yield from numbered(inner, depth + 1)
            case _:
                for inner in blocks(stmt):
                    yield from numbered(inner or (Pass(),), depth + 1)


def lines_of(body: Block) -> str:
    return "\n".join(text for _, text in numbered(body))


def beside(body: Block, fact: Callable[[Stmt], str]) -> str:
    """The statements with a fact beside each."""
    pairs = [(text, "" if stmt is None else fact(stmt)) for stmt, text in numbered(body)]
    width = max((len(text) for text, note in pairs if note), default=0) + 2
    return "\n".join(f"{text:{width}} # {note}" if note else text for text, note in pairs)


def outline(function: Function) -> str:
    """The statements of the small language, each after its name."""
    lines = [f"Function {function.name}({', '.join(p.name for p in function.params)})"]

    def go(body: Block, depth: int) -> None:
        for stmt in body:
            text = head(stmt)
            for word in ("if ", "for ", "while ", "return "):
                if text.startswith(word):
                    text = text.removeprefix(word).removesuffix(":")
            lines.append("  " * depth + f"{type(stmt).__name__:8} {text}".rstrip())
            for inner in blocks(stmt):
                go(inner, depth + 1)

    go(function.body, 1)
    return "\n".join(lines)


def as_emitted(body: Block) -> list[str]:
    """Statements as the text would have them, the user's comments too."""
    text = emit.Text()
    emit.emit_function(Function("f", (), body, Origin("", 1, 1, "")), spelled, True, text)
    return textwrap.dedent("\n".join(text.lines[1:])).split("\n")
