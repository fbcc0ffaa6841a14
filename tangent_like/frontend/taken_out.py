"""What an exception carries may depend on the arguments: it may be shown and asked, and not reckoned with.

Refused                                  Not refused

    except Stopped as e:                     except Stopped as e:
        return e.x * k                           print("stopped at", e.x)
                                                 notes.append(str(e))
                                                 if e.x > 0: ...
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Bind,
    Call,
    Do,
    Each,
    Expr,
    For,
    Function,
    Global,
    Library,
    Loop,
    Name,
    Opaque,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
)
from tangent_like.ir.walk import children, expressions, names, statements

TEXTS = {"str", "repr", "type", "isinstance", "id", "format", "ascii", "hash"}
KEEPERS = {"append", "appendleft", "insert", "extend", "add", "update", "setdefault", "push", "send", "put"}


def refuse_taken_out(function: Function, stmt: Try) -> None:
    """Refuse what takes a value out of an exception of this ``try``, also under other names, and behind it."""
    for handler in stmt.handlers:
        if not handler.name:
            continue
        found = _of_itself({handler.name}, handler.body)
        within = statements(handler.body)
        others = found - {handler.name}  # these live on
        for inner in (*within, *(s for s in statements(function.body) if others and s not in within)):
            known = found if inner in within else others
            if any(_takes(e, known) for e in _kept(inner, known)):
                raise UnsupportedError(
                    f"a value taken from the exception {handler.name!r} is not differentiated",
                    place_of(inner.origin),
                    "keep it in a variable before the exception is raised",
                )


def _of_itself(found: set[str], body: tuple[Stmt, ...]) -> set[str]:
    """The names, and those that the exception itself is bound to in the block."""
    for inner in statements(body):
        if isinstance(inner, Assign) and len(inner.values) == 1 and _itself(inner.values[0]) in found:
            found = found | set(inner.targets)
    return found


def _itself(value: Expr) -> str | None:
    match value:
        case Name(id):
            return id
        case Opaque(text) if text in value.reads:
            return text
        case _:
            return None


def _kept(stmt: Stmt, found: set[str]) -> Iterator[Expr]:
    """The expressions of the statement whose values go on."""
    match stmt:
        case Assign(targets, values) if len(values) == 1 and set(targets) <= found and _itself(values[0]) in found:
            return
        case Assign() | Augment() | Store() | Bind() | Return() | Push() | For() | Each() | Loop():
            yield from expressions(stmt)
        case Do(Call(Ref(target=Library() | Global()))):
            return  # print, a logger of the module
        case Do(Call(Attribute(_, name), args, keywords)):
            if name in KEEPERS:
                yield from (*args, *(v for _, v in keywords))
        case Do(Call(_, args, keywords)):
            yield from (*args, *(v for _, v in keywords))
        case _:
            return


def _takes(expr: Expr, found: set[str]) -> bool:
    """Does the expression read one of the names, and not only its text or its class?"""
    match expr:
        case Name(id):
            return id in found
        case Opaque():
            return not expr.is_text and bool(names(expr) & found)
        case Call(Ref(target=Library("builtins", name))) if name in TEXTS:
            return False
        case Attribute(_, "__class__" | "__name__"):
            return False
        case _:
            inner = children(expr)
            return any(_takes(c, found) for c in inner) if inner else bool(names(expr) & found)
