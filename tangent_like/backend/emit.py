"""The small language as Python text. The layout is ours; astor prints the expressions (its only user)."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tangent_like.backend.in_lines import WIDTH, in_lines
from tangent_like.backend.outside_lines import line_outside
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Break,
    Call,
    Choose,
    Comment,
    Compare,
    Comprehension,
    Const,
    Continue,
    Define,
    Delete,
    Dict,
    Do,
    Each,
    Expr,
    For,
    Fresh,
    Function,
    GradOf,
    Hole,
    If,
    Index,
    Lambda,
    List,
    Logic,
    Loop,
    Name,
    Opaque,
    Origin,
    Pass,
    Pop,
    Push,
    Raise,
    Ref,
    Return,
    SetOf,
    Slice,
    Starred,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    Walrus,
    While,
    With,
)
from tangent_like.ir.outside_calls import as_written
from tangent_like.ir.verbatim import renamed_text
from tangent_like.transform.chained_numbers import number_of

with warnings.catch_warnings():  # astor 0.8.1 reads names of ast that later Pythons warn about
    warnings.simplefilter("ignore", DeprecationWarning)
    from astor.code_gen import SourceGenerator
    from astor.op_util import Precedence

BINARY: Mapping[str, Callable[[], ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "@": ast.MatMult, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor, "<<": ast.LShift, ">>": ast.RShift,
}  # fmt: skip
COMPARE: Mapping[str, Callable[[], ast.cmpop]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "==": ast.Eq, "!=": ast.NotEq, "is": ast.Is,
    "is not": ast.IsNot, "in": ast.In, "not in": ast.NotIn,
}  # fmt: skip
UNARY: Mapping[str, Callable[[], ast.unaryop]] = {
    "-": ast.USub,
    "+": ast.UAdd,
    "not": ast.Not,
    "~": ast.Invert,
}

Spell = Callable[[Ref], str]

RANGE = builtin_ref("range")


@dataclass(frozen=True, eq=False)
class Text:
    """Lines of Python, and for each of them the statement of the user's that it comes from."""

    lines: list[str] = field(default_factory=list)
    origins: list[Origin | None] = field(default_factory=list)

    def add(self, line: str, origin: Origin | None = None) -> None:
        for part in line.split("\n"):
            self.lines.append(part)
            self.origins.append(origin)

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def emit_function(
    function: Function, spell: Spell, comments: bool, text: Text, checks: Sequence[str] = (),
    structure: Sequence[tuple[str, str]] = (),
) -> None:
    """Append ``def name(params):`` and its body to ``text``; ``checks`` are what it assumes.

    ``structure`` are conditions under which an argument does not have the structure it is made for.
    """
    params = []
    keyword_only = False
    for param in function.params:
        if param.keyword_only and not keyword_only and param.star != "**":
            params.append("*")
            keyword_only = True
        note = "" if param.note is None else f": {expression(param.note, spell)}"
        if param.star:
            params.append(f"{param.star}{param.name}{note}")
            keyword_only = True
            continue
        equals = " = " if note else "="
        default = "" if param.default is None else f"{equals}{expression(param.default, spell)}"
        params.append(f"{param.name}{note}{default}")
    returns = "" if function.note is None else f" -> {expression(function.note, spell)}"
    whole = f"def {function.name}({', '.join(params)}){returns}:"
    if len(whole) <= WIDTH:
        text.add(whole, function.origin)
    else:
        rows = [f"def {function.name}(", *(f"    {p}," for p in params), f"){returns}:"]
        if params[-1].startswith("**"):
            rows[-2] = rows[-2].removesuffix(",")
        text.add("\n".join(rows), function.origin)
    if function.doc:
        text.add(f'    """{function.doc}"""')
    for condition, message in structure:
        text.add(f"    if {condition}:", function.origin)
        text.add(f'        raise ValueError("{message}")', function.origin)
    if checks:
        _checks(checks, text, function.origin)
    _block(function.body or (Pass(),), 1, spell, comments, text, None)


def chained(checks: Sequence[str]) -> list[str]:
    """``a == b`` and ``b == c`` as ``a == b == c``."""
    chains: list[list[str]] = []
    others: list[str] = []
    for check in checks:
        sides = check.split(" == ")
        if len(sides) != 2 or any(" if " in side or " and " in side or " or " in side for side in sides):
            others.append(check)
            continue
        met = [chain for chain in chains if set(sides) & set(chain)]
        whole = list(dict.fromkeys([*(size for chain in met for size in chain), *sides]))
        place = chains.index(met[0]) if met else len(chains)
        chains = [chain for chain in chains if chain not in met]
        chains.insert(place, whole)
    return [*(" == ".join(chain) for chain in chains), *others]


def _checks(checks: Sequence[str], text: Text, origin: Origin) -> None:
    """What the function assumes, on one line or on one each."""
    broken = [_broken(check) for check in checks]
    plain = all(broken)
    condition = f"    if {' or '.join(broken)}:" if plain else f"    if not ({' and '.join(checks)}):"
    said = f'        raise ValueError("this derivative is for {" and ".join(checks)}")'
    if max(len(condition), len(said)) <= WIDTH:
        text.add(f"{condition}\n{said}", origin)
        return
    link, asked = ("or ", broken) if plain else ("and ", list(checks))
    rows = [f"        {link if k else ''}{check}" for k, check in enumerate(asked)]
    words = [f'            "{"" if k else "this derivative is for "}{c} and "' for k, c in enumerate(checks)]
    words[-1] = words[-1].removesuffix(' and "') + '"'
    shown = ["    if (" if plain else "    if not (", *rows, "    ):", "        raise ValueError(", *words, "        )"]
    text.add("\n".join(shown), origin)


def _broken(check: str) -> str:
    """What holds where a check of two sizes does not; empty for what else is checked."""
    found = next((op for op in BREAKS if op in check), "")
    left, _, right = check.partition(found or " == ")
    texts = "'" in left or "'" in right[1:-1] or '"' in check
    single = bool(found) and not texts and " and " not in check and " or " not in check and "==" not in right
    return f"{left}{BREAKS[found]}{right}" if single else ""


BREAKS = {" == ": " != ", " != ": " == ", " >= ": " < "}


def _block(block: Block, depth: int, spell: Spell, comments: bool, text: Text, around: Origin | None) -> None:
    pad = "    " * depth
    if all(isinstance(s, Comment) for s in block):
        block = (*block, Pass())
    current: Origin | None = around
    for stmt in block:
        origin = getattr(stmt, "origin", None) or current
        if isinstance(stmt, Comment):
            current = stmt.origin or current
            if comments:
                text.add(pad + stmt.text, current)
            continue
        own = getattr(stmt, "origin", None)
        if own is not None and own is not current and comments:
            for line in own.comments:
                if not text.lines or text.lines[-1] != pad + line:
                    text.add(pad + line, own)
        if own is not None and not own.alone:
            current = own
        _statement(stmt, depth, spell, comments, text, origin)


def _statement(stmt: Stmt, depth: int, spell: Spell, comments: bool, text: Text, origin: Origin | None) -> None:
    pad = "    " * depth

    def show(expr: Expr) -> str:
        return expression(expr, spell)

    match stmt:
        case Assign(targets, values, None) if len(targets) > 1 and number_of(stmt) is not None:
            text.add(in_lines(f"{pad}{' = '.join(targets)} = {show(values[0])}"), origin)
        case Assign(targets, values):
            names = (*targets, stmt.saved) if stmt.saved else targets
            right = ", ".join(show(v) for v in values)
            text.add(in_lines(f"{pad}{', '.join(names)} = {right}") if names else f"{pad}{right}", origin)
        case Store(target, "del"):
            text.add(f"{pad}del {show(target)}", origin)
        case Store(target, op, value):
            text.add(in_lines(f"{pad}{show(target)} {op}= {show(value)}"), origin)
        case Augment(target, op, value):
            text.add(in_lines(f"{pad}{target} {op}= {show(value)}"), origin)
        case If():
            word = "if"
            for arm in stmt.arms:
                text.add(f"{pad}{word} {show(arm.test)}:", arm.origin or origin)
                _block(arm.body or (Pass(),), depth + 1, spell, comments, text, origin)
                word = "elif"
            if not all(isinstance(s, Pass) and s.origin is None for s in stmt.orelse):  # of what is gone
                text.add(f"{pad}else:", origin)
                _block(stmt.orelse, depth + 1, spell, comments, text, origin)
        case For(target, args, body):
            text.add(f"{pad}for {target} in {show(RANGE)}({', '.join(map(show, args))}):", origin)
            _block(body or (Pass(),), depth + 1, spell, comments, text, origin)
        case Each(target, iterable, body):
            text.add(f"{pad}for {target} in {show(iterable)}:", origin)
            _block(body or (Pass(),), depth + 1, spell, comments, text, origin)
        case While(test, body):
            text.add(f"{pad}while {show(test)}:", origin)
            _block(body or (Pass(),), depth + 1, spell, comments, text, origin)
        case With():
            items = (show(i.context) + (f" as {i.name}" if i.name else "") for i in stmt.items)
            text.add(f"{pad}with {', '.join(items)}:", origin)
            _block(stmt.body or (Pass(),), depth + 1, spell, comments, text, origin)
        case Try() if not stmt.handlers and not stmt.final:
            _block(stmt.body, depth, spell, comments, text, origin)
        case Try():
            text.add(f"{pad}try:", origin)
            _block(stmt.body or (Pass(),), depth + 1, spell, comments, text, origin)
            for handler in stmt.handlers:
                what = "" if handler.type is None else f" {show(handler.type)}"
                name = f" as {handler.name}" if handler.name else ""
                text.add(f"{pad}except{what}{name}:", handler.origin or origin)
                _block(handler.body or (Pass(),), depth + 1, spell, comments, text, origin)
            for word, body in (("else", stmt.orelse), ("finally", stmt.final)):
                if body:
                    text.add(f"{pad}{word}:", origin)
                    _block(body, depth + 1, spell, comments, text, origin)
        case Break():
            text.add(f"{pad}break", origin)
        case Continue():
            text.add(f"{pad}continue", origin)
        case Delete(name):
            text.add(f"{pad}del {name}", origin)
        case Return(value):
            text.add(in_lines(f"{pad}return" + ("" if value is None else f" {show_tuple(value, spell)}")), origin)
        case Do(value) if (line := line_outside(value, show)):
            text.add(in_lines(f"{pad}{line}"), origin)
        case Do(value):
            text.add(f"{pad}{show(value)}", origin)
        case Assert(test, message):
            tail = "" if message is None else f", {show(message)}"
            text.add(f"{pad}assert {show(test)}{tail}", origin)
        case Raise(value, _, cause):
            whence = "" if cause is None else f" from {show(cause)}"
            text.add(f"{pad}raise" + ("" if value is None else f" {show(value)}{whence}"), origin)
        case Pass():
            text.add(f"{pad}pass", origin)
        case GradOf():
            if stmt.name:  # of the program before the way back, which a stage shows
                text.add(f"{pad}with grad_of({stmt.name}) as {stmt.bar}:", origin)
                pad += "    "
            for line in _opaque(stmt.lines, spell).split("\n"):
                text.add(f"{pad}{line}" if line.strip() else "", origin)
        case Comment():
            text.add(pad + stmt.text, origin)
        case Push(list_, value):
            text.add(f"{pad}{list_}.append({show_item(value, spell)})", origin)
        case Pop(target, list_):
            bound = f"{show(target)} = " if target is not None else ""
            text.add(f"{pad}{bound}{list_}.pop()", origin)
        case Loop(Tuple() as target, iterable, body):
            text.add(f"{pad}for {show_tuple(target, spell)} in {show(iterable)}:", origin)
            _block(body or (Pass(),), depth + 1, spell, comments, text, origin)
        case Bind(target, "", value):
            text.add(f"{pad}{show_tuple(target, spell)} = {show_tuple(value, spell)}", origin)
        case Bind() | Loop() | Define():
            raise AssertionError("specialize leaves none of these")
        case _:
            assert_never(stmt)


def statement(stmt: Stmt, spell: Spell) -> list[str]:
    """One statement as lines of text, without comments."""
    text = Text()
    _statement(stmt, 0, spell, False, text, None)
    return text.lines


def show_tuple(expr: Expr, spell: Spell) -> str:
    """A tuple without its parentheses, where a statement allows that."""
    if isinstance(expr, Tuple) and len(expr.items) > 1:
        return ", ".join(show_item(i, spell) for i in expr.items)
    return expression(expr, spell)


def show_item(expr: Expr, spell: Spell) -> str:
    text = expression(expr, spell)
    return f"({text})" if isinstance(expr, Tuple) and not text.startswith("(") else text


# -- expressions -------------------------------------------------------------------------------------


def expression(expr: Expr, spell: Spell) -> str:
    """The text of an expression, on one line."""
    match expr:
        case Name(id):
            return id
        case Ref():
            return spell(expr)
        case Const():
            return _literal(expr)
        case Opaque():
            return _opaque(expr, spell)
        case Tuple():
            items = [show_item(i, spell) for i in expr.items]
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        case _:
            return _by_astor(_tree(expr, spell))


def _by_astor(tree: ast.expr) -> str:
    generator = SourceGenerator("    ", False, None)
    tree._pp = Precedence.Comma  # type: ignore[attr-defined]  # nothing around it to be told apart from
    generator.visit(tree)
    return "".join(str(part) for part in generator.result if part != "\n").strip()


def _verbatim(text: str) -> ast.expr:
    return ast.Name(id=text, ctx=ast.Load())


def _opaque(expr: Opaque, spell: Spell) -> str:
    """Verbatim text, but for names from outside that had to give way to others."""
    renamed = {ref.spelling: spell(ref) for ref in expr.refs if spell(ref) != ref.spelling}
    return renamed_text(expr, renamed) if renamed else expr.text


def _literal(expr: Const) -> str:
    if expr.value is Ellipsis:
        return "..."
    if expr.spelling:
        return expr.spelling
    if isinstance(expr.value, float) and not math.isfinite(expr.value):  # "inf" would be the name of something
        return "float('nan')" if math.isnan(expr.value) else "1e999" if expr.value > 0 else "-1e999"
    return repr(expr.value)


def _tree(expr: Expr, spell: Spell) -> ast.expr:
    """The expression as an ``ast`` tree; what is to be printed verbatim stands in it as a name."""
    match expr:
        case Name(id):
            return _verbatim(id)
        case Ref():
            return _verbatim(spell(expr))
        case Const(value):
            if isinstance(value, int | float) and not isinstance(value, bool) and repr(value).startswith("-"):
                return ast.UnaryOp(ast.USub(), _verbatim(_literal(Const(-value))))
            return _verbatim(_literal(expr))
        case Opaque():
            text = _opaque(expr, spell)
            return _verbatim(text if _closed(text) else f"({text})")
        case Unary(op, operand):
            return ast.UnaryOp(UNARY[op](), _tree(operand, spell))
        case Binary():
            return _binary(expr, spell)
        case Compare(left, ops, rights):
            rights_ = [_tree(r, spell) for r in rights]
            return ast.Compare(_tree(left, spell), [COMPARE[op]() for op in ops], rights_)
        case Logic(op, values):
            word = ast.And() if op == "and" else ast.Or()
            return ast.BoolOp(word, [_tree(v, spell) for v in values])
        case Choose(test, body, orelse):
            return ast.IfExp(_tree(test, spell), _tree(body, spell), _tree(orelse, spell))
        case Call() if (written := as_written(expr)) is not expr:
            return _tree(written, spell)
        case Call(func, args, keywords):
            named = [ast.keyword(n, _tree(v, spell)) for n, v in keywords]
            return ast.Call(_tree(func, spell), [_tree(a, spell) for a in args], named)
        case Attribute(value, name):
            if isinstance(value, Const) and type(value.value) is int:  # whose point would begin its fraction
                return ast.Attribute(_verbatim(f"({value.value!r})"), name, ast.Load())
            return ast.Attribute(_tree(value, spell), name, ast.Load())
        case Index(value, index):
            return ast.Subscript(_tree(value, spell), _verbatim(_index(index, spell)), ast.Load())
        case Tuple(items):
            return _verbatim(expression(expr, spell)) if items else ast.Tuple([], ast.Load())
        case List(items):
            return ast.List([_tree(i, spell) for i in items], ast.Load())
        case Slice(lower, upper, step):  # beside an index: what is handed on
            parts = (lower, upper) if step is None else (lower, upper, step)
            told = [_tree(Const(None) if part is None else part, spell) for part in parts]
            return ast.Call(ast.Name("slice", ast.Load()), told, [])
        case Dict(keys, values):
            shown = [None if k is None else _tree(k, spell) for k in keys]
            return ast.Dict(shown, [_tree(v, spell) for v in values])
        case SetOf(items):
            return ast.Set([_tree(i, spell) for i in items])
        case Hole(name) | Fresh(name):
            raise AssertionError(f"{name} was not filled in before printing")
        case Comprehension(form="list" | "generator" | "set"):  # the last two in what ``stages`` shows
            return _verbatim(_comprehension(expr, spell))
        case Lambda() | Starred() | Walrus() | Comprehension():
            raise AssertionError("specialize leaves none of these")
        case _:
            assert_never(expr)


def _comprehension(expr: Comprehension, spell: Spell) -> str:
    def within(part: Expr) -> str:
        text = expression(part, spell)
        return f"({text})" if isinstance(part, Choose) else text

    parts = [expression(expr.element, spell)]
    for clause in expr.clauses:
        parts.append(f"for {show_tuple(clause.target, spell)} in {within(clause.iterable)}")
        parts += [f"if {within(test)}" for test in clause.conditions]
    brackets = {"list": "[]", "set": "{}"}.get(expr.form, "()")
    return f"{brackets[0]}{' '.join(parts)}{brackets[1]}"


def _binary(expr: Binary, spell: Spell) -> ast.expr:
    """Left-deep chains without recursion: a sum of a thousand terms is no deeper than one."""
    chain: list[Binary] = []
    left: Expr = expr
    while isinstance(left, Binary):
        chain.append(left)
        left = left.left
    tree = _tree(left, spell)
    for node in reversed(chain):
        tree = ast.BinOp(tree, BINARY[node.op](), _tree(node.right, spell))
    return tree


def _closed(text: str) -> bool:
    """May the text stand inside an expression without parentheses?"""
    node = ast.parse(text, mode="eval").body
    return isinstance(node, ast.Constant | ast.Name | ast.JoinedStr | ast.Call | ast.Subscript | ast.Attribute)


def _index(index: Expr, spell: Spell) -> str:
    if isinstance(index, Tuple) and index.items:
        items = [_index_item(i, spell) for i in index.items]
        return f"{items[0]}," if len(items) == 1 else ", ".join(items)
    return _index_item(index, spell)


def _index_item(item: Expr, spell: Spell) -> str:
    return _slice(item, spell) if isinstance(item, Slice) else expression(item, spell)


def _slice(item: Slice, spell: Spell) -> str:
    lower, upper, step = ("" if part is None else _bound(part, spell) for part in (item.lower, item.upper, item.step))
    return f"{lower}:{upper}" + (f":{step}" if step else "")


def _bound(expr: Expr, spell: Spell) -> str:
    text = expression(expr, spell)
    return f"({text})" if isinstance(expr, Choose | Compare | Logic) else text
