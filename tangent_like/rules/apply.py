"""Which rule an expression calls on, with its operands bound by name; and a rule's text, read once."""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.rule_text import read_rule
from tangent_like.ir.build import is_number, simplify
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Const,
    Expr,
    Hole,
    Library,
    List,
    Logic,
    Ref,
    Ruled,
    Tuple,
    Unary,
)
from tangent_like.ir.quick import quick
from tangent_like.ir.walk import rebuild, subexpressions
from tangent_like.kinds.indexing import is_whole
from tangent_like.kinds.kind import DictOf, Kind, ListOf, Plain, Sequence, is_complex
from tangent_like.kinds.operands import literal
from tangent_like.rules.draws import draws
from tangent_like.rules.dtypes import KindOf, dtype_named, is_common
from tangent_like.rules.over_complex import OF_THE_FIRST, complex_rules, holds
from tangent_like.rules.problems import Problem, called
from tangent_like.rules.ranks import other_ranks
from tangent_like.rules.rule import Rule, signature_of
from tangent_like.rules.settle import settled
from tangent_like.rules.sparse_products import of_other_classes, sparse_product
from tangent_like.rules.table import DRAWN, METHODS, RULES, TABLE, optional_table
from tangent_like.rules.transposed import Transposed, transposed
from tangent_like.rules.unsaid import library_defaults, named_behind, says_nothing

UNARY: Mapping[str, object] = {"-": operator.neg, "+": operator.pos}
BINARY: Mapping[str, object] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "@": operator.matmul, "%": operator.mod, "//": operator.floordiv,
}  # fmt: skip

# Attributes of arrays that have a rule, as methods have.
ATTRIBUTES = frozenset({"T", "mT", "real", "imag"})

# Methods of arrays that give an array or number of the same dtype without a rule of their own would be
# taken for constants; only these attributes are known to carry no derivative.
CONSTANT_ATTRIBUTES = frozenset({"shape", "size", "ndim", "dtype", "nbytes", "itemsize", "strides", "flags"})


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """A primitive applied: ``operands`` by the names that the rule gives them, in order, defaults too."""

    rule: Rule
    operands: Mapping[str, Expr]
    given: frozenset[str]  # the operands that the call names; the others are defaults
    problem: Problem | None = None  # why it is not differentiated, if a derivative is asked for
    dtype: Expr | None = None  # the dtype that the call asks for

    @property
    def differentiable(self) -> tuple[str, ...]:
        """The operands that can carry derivatives; where there is any number of them, ``operands[0]``, ..."""
        each = self.rule.each
        if not each:
            return self.rule.differentiable
        still = f"{each}[{literal(self.operands[self.rule.but])}]" if self.rule.but else ""
        others = [n for n in self.rule.differentiable if n != each]
        return tuple(n for n in self.operands if (n.startswith(f"{each}[") and n != still) or n in others)

    def transposed(self) -> Transposed:
        """The rule's reverse half, with a part for each differentiable operand."""
        texts = transposed(self.rule)
        each = self.rule.each
        if not each:
            return texts
        parts = {n: self.by_one(e, texts.position, 0) for n, e in texts.parts.items() if n != each}
        for k, name in enumerate(self.numbered):
            parts[name] = self.by_one(texts.parts[each], texts.position, k)
        return replace(texts, parts={**texts.parts, **parts})

    @property
    def numbered(self) -> list[str]:
        """The names of the operands of which there is any number."""
        return [n for n in self.operands if n.startswith(f"{self.rule.each}[")]

    def place(self, name: str) -> int:
        """Which of any number of operands it is; of another, any."""
        return self.numbered.index(name) if name in self.numbered else 0

    def by_one(self, text: Expr, position: str, k: int) -> Expr:
        """The text about one operand of any number, which are holes of their own in it."""
        holes = tuple(map(Hole, self.numbered))
        listed = isinstance(self.operands[self.rule.each], List)
        return fill(text, {position: Const(k), self.rule.each: List(holes) if listed else Tuple(holes)})


def application(expr: Expr, kind_of: KindOf) -> Application | None:
    """The rule and operands for ``expr``; None where it is no primitive (a name, an index, the user's call)."""
    if (product := sparse_product(expr, kind_of)) is not None:
        return _bind(*product, (), expr, kind_of)
    match expr:
        case Unary(op, operand) if op in UNARY:
            return _bind(RULES[UNARY[op]], (operand,), (), expr, kind_of)
        case Binary(op, left, right) if op in BINARY:
            inverse = op == "/" and is_number(left, 1)  # by the quotient alone: the divisor need not be kept
            target, both = (np.reciprocal, (right,)) if inverse else (BINARY[op], (left, right))

            def bind_operator(rule: Rule) -> Application:
                return _bind(rule, both, (), expr, kind_of)

            return _of_complex(bind_operator(RULES[target]), target, bind_operator, expr, kind_of)
        case Call(Ref(target=Library() as target), args, keywords):
            rule = rule_for(target)
            if rule is None:
                return None
            found = _bind(rule, args, keywords, expr, kind_of)
            if rule.own is not None:
                return found

            def bind(other: Rule) -> Application:
                return _bind(other, args, keywords, expr, kind_of)

            found = _fitting(found, more_rules(target), bind)
            return _of_complex(found, target.obj, bind, expr, kind_of)
        case Call(Attribute(value, name), args, keywords):
            drawing = getattr(np.random.Generator, name, None) or getattr(np.random.RandomState, name, None)
            rule = DRAWN.get(drawing) if draws(name, kind_of(value)) else None
            if rule is not None:  # the generator is no operand: it carries nothing
                return _bind(rule, args, keywords, expr, kind_of)
            if not _may_be_array(kind_of(value)):
                return None
            rule = METHODS.get(name)
            if rule is None:
                return None
            args = (value, *args)
            found = _bind(rule, args, keywords, expr, kind_of, method=True)

            def bind_method(other: Rule) -> Application:
                return _bind(other, args, keywords, expr, kind_of, True)

            found = _fitting(found, TABLE.more_methods.get(name, ()), bind_method)
            return _of_complex(found, name, bind_method, expr, kind_of)
        case Attribute(value, name) if _may_be_array(kind_of(value)):
            rule = METHODS.get(name)
            if rule is None or name not in ATTRIBUTES:
                return None

            def bind_attribute(other: Rule) -> Application:
                return _bind(other, (value,), (), expr, kind_of)

            return _of_complex(bind_attribute(rule), name, bind_attribute, expr, kind_of)
        case _:
            return None


def _may_be_array(kind: Kind) -> bool:
    return not isinstance(kind, Plain | Sequence | ListOf | DictOf)


def _fitting(found: Application, more: tuple[Rule, ...], bind: Callable[[Rule], Application]) -> Application:
    """The first rule of a function that knows all that the call gives; if none does, the one with a place for most."""
    if found.problem is None:
        return found
    others = [found, *map(bind, more)]
    return min(others, key=lambda o: (o.problem is not None, sum(map(str.isdigit, o.operands))))


def _of_complex(
    found: Application,
    target: object,
    bind: Callable[[Rule], Application],
    expr: Expr,
    kind_of: KindOf,
) -> Application:
    """The application where operands are complex numbers: by the rule for them, or by one that holds for them too.

    ``target``: the function, or the name of the method; most operands are real, and nothing is looked up for those.
    """
    kinds = [kind_of(e) for e in found.operands.values()]
    if (problem := of_other_classes(expr, kinds)) is not None:
        return replace(found, problem=problem)
    if not any(map(is_complex, kinds)):
        return found
    if special := complex_rules(target):
        return _fitting(bind(special[0]), special[1:], bind)
    if found.problem is not None or found.rule.own is not None:
        return found
    hint = "write it out in functions that are: docs/language.md says which"
    what = "of complex numbers is not differentiated"
    if holds(found.rule):
        dtype = dtype_named(found.dtype or found.operands.get("dtype"), kind_of)
        first = next(iter(found.operands.values()))
        written = "dtype" in found.given and dtype is not None and np.dtype(dtype).kind != "c"
        if not written and (found.rule not in OF_THE_FIRST or is_complex(kind_of(first))):
            return found
        what, hint = "drops imaginary parts", "take the real part before: np.real(z)"
    return replace(found, problem=Problem(f"{called(expr)} {what}", hint))


def more_rules(target: Library) -> tuple[Rule, ...]:
    """Those besides the first, for calls that that does not fit."""
    return TABLE.more.get(target.obj, ()) or optional_table().more.get(target.obj, ())


def rule_for(target: Library) -> Rule | None:
    if isinstance(target, Ruled):
        return target.rule if isinstance(target.rule, Rule) else None
    try:
        return RULES.get(target.obj) or DRAWN.get(target.obj) or optional_table().rules.get(target.obj)
    except TypeError:  # unhashable
        return None


def _bind(
    rule: Rule,
    args: tuple[Expr, ...],
    keywords: tuple[tuple[str, Expr], ...],
    expr: Expr,
    kind_of: KindOf,
    method: bool = False,
) -> Application:
    if rule.form == "constant":
        operands = _constant_operands(expr, args, keywords, method)
        return Application(rule, operands, frozenset(operands))
    if rule.grouped:
        if not args or not isinstance(args[0], Tuple) or len(args[0].items) != len(rule.grouped):
            what = f"{called(expr)} without its first argument written out is not differentiated"
            why = Problem(what, f"write ({', '.join(rule.grouped)}), unpacked before")
            listed = enumerate((*args, *(e for _, e in keywords)))
            return Application(rule, {f"{k}": e for k, e in listed}, frozenset(), why)
        args = (*args[0].items, *args[1:])
    names = rule.operands
    if not keywords and len(args) == len(names) and _is_plain(rule):
        return Application(rule, dict(zip(names, args, strict=True)), frozenset(names))
    if method and rule.kind in ("reshape", "transpose") and len(args) > 2:
        args = (args[0], Tuple(args[1:]))  # x.reshape(2, -1) means x.reshape((2, -1))
    positional = _positional(rule)
    problem: Problem | None = None
    rest = _rest(rule)
    if rest and len(args) > len(positional):
        args = (*args[: len(positional)], Tuple(args[len(positional) :]))
        positional = (*positional, rest)
    elif len(args) > len(positional) and not method:
        args, keywords = named_behind(expr, args, keywords, len(positional))
    unknown: dict[str, Expr] = {}
    dtype: Expr | None = None
    if len(args) > len(positional):
        problem = Problem(
            f"{called(expr)} is differentiated with at most {len(positional)} positional arguments",
            "pass fewer arguments, or name them",
        )
        unknown = {f"{k}": e for k, e in enumerate(args) if k >= len(positional)}  # they may carry derivatives
        args = args[: len(positional)]
    bound: dict[str, Expr] = dict(zip(positional, args, strict=False))
    ufunc = _is_ufunc(expr)
    for given, value in keywords:
        name = _own_name(rule, expr, given)
        if name not in names or name in bound:
            if says_nothing(expr, name, value):
                continue
            if ufunc and name == "dtype":
                dtype = value
                continue
            problem = Problem(
                f"the argument {name!r} of {called(expr)} is not differentiated",
                f"known arguments: {', '.join(names)}",
            )
            unknown[name] = value
            continue
        bound[name] = value
    given_names = frozenset(bound)
    for name in names:
        if name not in bound:
            if name == rest:
                bound[name] = Tuple(())
                continue
            default = _defaults(rule).get(name, inspect.Parameter.empty)
            if default is inspect.Parameter.empty:
                problem = _lacking(rule, expr, name)
                default = None
            bound[name] = _as_expr(default)
    if "dtype" in given_names and rule.kind != "array":
        dtype = bound["dtype"]
    operands = {name: bound[name] for name in names}
    if rule.each:
        items = operands[rule.each]
        if isinstance(items, Tuple | List):
            operands |= {f"{rule.each}[{k}]": e for k, e in enumerate(items.items)}
        else:
            whole = f"{called(expr)} of a list that is not written out is not differentiated"
            problem = Problem(whole, "write the list in the call: [a, b]")
    refused = _refused_value(rule, operands, given_names, dtype, expr, kind_of)
    return Application(rule, operands | unknown, given_names, problem or refused, _meant(dtype))


@functools.cache
def _lacking(rule: Rule, expr: Call, name: str) -> Problem:
    """An argument that the rule has no default for, though the function may have one."""
    values = rule.accepts.get(name, ())
    if not values:
        return Problem(f"{called(expr)} lacks its argument {name!r}")
    hint = f"say {' or '.join(f'{name}={value!r}' for value in values)}"
    return Problem(f"{called(expr)} without {name}= is not differentiated here", hint)


def _is_plain(rule: Rule) -> bool:
    """Are its operands, all given by position, bound as they stand? As those of operators and most ufuncs."""
    shaped = rule.kind in ("reshape", "transpose") or rule.ranks or rule.fewest
    return not (rule.accepts or rule.each or shaped or "dtype" in rule.operands or _rest(rule)) and (
        _positional(rule) == rule.operands
    )


def _refused_value(
    rule: Rule,
    operands: Mapping[str, Expr],
    given: frozenset[str],
    dtype: Expr | None,
    expr: Expr,
    kind_of: KindOf,
) -> Problem | None:
    """What is known for some values of an argument, and refused for others."""
    ranked = other_ranks(rule, operands, expr, kind_of)
    if ranked is not None:
        return ranked
    if "initial" in given and is_whole(kind_of(operands["x"])) and not is_whole(kind_of(operands["initial"])):
        return Problem(f"{called(expr)} of whole numbers drops the fraction of `initial`", "add it to the result")
    for name, values in rule.accepts.items():
        if name not in given and not (rule.more and name in rule.operands):
            continue  # the first rule of a function is for what is meant where nothing is said
        value = literal(operands[name]) if name in given else _left_away(rule, expr, name)
        if not any(value is v or (type(value) is type(v) and value == v) for v in values):
            return Problem(
                f"this argument {name!r} of {called(expr)} is not differentiated",
                f"known values, written out: {', '.join(map(repr, values))}",
            )
    meant = None if _meant(dtype) is None else dtype_named(dtype, kind_of)
    if meant is not None and np.dtype(meant).kind in "US":
        return Problem(f"{called(expr)}, which makes texts of numbers, is not differentiated", "use the numbers")
    if _meant(dtype) is not None and meant is None and not is_common(dtype):
        return Problem(
            f"the dtype of {called(expr)} is not known: whole numbers would carry no derivative",
            "write the dtype out (float, np.float32), or leave it away",
        )
    return None


def _left_away(rule: Rule, expr: Expr, name: str) -> object:
    """What an argument is that the call does not name: as the function itself has it, where it tells."""
    own = _defaults(rule).get(name)
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        theirs = library_defaults(expr.func.target.obj).get(name, own)
        return theirs if theirs is None or isinstance(theirs, bool | int | float | str) else own
    return own


def _meant(dtype: Expr | None) -> Expr | None:
    return None if isinstance(dtype, Const) and dtype.value is None else dtype


def _is_ufunc(expr: Expr) -> bool:
    return (
        isinstance(expr, Call)
        and isinstance(expr.func, Ref)
        and isinstance(expr.func.target, Library)
        and isinstance(expr.func.target.obj, np.ufunc)
    )


def _own_name(rule: Rule, expr: Expr, name: str) -> str:
    """The operand that a keyword names: NumPy's ``a=`` is the ``x`` of the rule."""
    if name in rule.operands:
        return name
    if name in rule.aliases:
        return rule.aliases[name]
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        theirs, ours = _by_name(expr.func.target.obj), _positional(rule)
        if name in theirs and theirs.index(name) < len(ours) and ours[theirs.index(name)] not in theirs:
            return ours[theirs.index(name)]
    return name


@functools.cache
def _by_name(obj: object) -> tuple[str, ...]:
    """The parameters of a function that may be given by position, in order; those by position alone as ''."""
    try:
        parameters = inspect.signature(obj).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()
    sorts = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name if p.kind is sorts[1] else "" for p in parameters if p.kind in sorts)


def _constant_operands(
    expr: Expr, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], method: bool
) -> dict[str, Expr]:
    """Operands of what carries no derivative, by the names of its own signature where it has one."""
    names: tuple[str, ...] = ()
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        names = _signature(expr.func.target.obj)
    elif method:
        names = ("x", "axis")
    positional = (f"{k}" if k >= len(names) else names[k] for k in range(len(args)))
    return dict(zip(positional, args, strict=True)) | dict(keywords)


@functools.cache
def _signature(obj: object) -> tuple[str, ...]:
    known = {"zeros": ("shape", "dtype"), "empty": ("shape", "dtype"), "ones": ("shape", "dtype")}
    name = getattr(obj, "__name__", "")
    if name in known:
        return known[name]
    try:
        return tuple(inspect.signature(obj).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()


def _as_expr(value: object) -> Expr:
    if isinstance(value, tuple):
        return Tuple(tuple(_as_expr(v) for v in value))
    if isinstance(value, list):
        return List(tuple(_as_expr(v) for v in value))
    return Const(value)


@functools.cache
def _positional(rule: Rule) -> tuple[str, ...]:
    """The operands that may be passed by position: not those after a ``*`` in the rule."""
    parameters = signature_of(rule).parameters
    named = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return tuple(n for n in rule.operands if parameters[n].kind is named)


@functools.cache
def _rest(rule: Rule) -> str:
    """The operand that takes any number of arguments, as a tuple: that after a ``*``; empty if none does."""
    parameters = signature_of(rule).parameters
    found = (n for n in rule.operands if parameters[n].kind is inspect.Parameter.VAR_POSITIONAL)
    return next(found, "")


def argument_names(found: Application, expr: Expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The operands that the arguments of a call are, by position (what a method is called on first) and by keyword."""
    match expr:
        case Call(func, args, keywords):
            count = len(args) + isinstance(func, Attribute)
            rest = _rest(found.rule)
            positional = (*_positional(found.rule), *(rest for _ in range(count)))
            return positional[:count], tuple(_own_name(found.rule, expr, name) for name, _ in keywords)
        case _:
            return found.rule.operands, ()


@functools.cache
def _defaults(rule: Rule) -> Mapping[str, Any]:
    return {p.name: p.default for p in signature_of(rule).parameters.values()}


def defined(found: Application, expr: Expr, kind_of: KindOf, place: Callable[[Expr], Place]) -> Expr:
    """What a definition says of its operands, with the forms settled that their kinds decide."""
    text = read_rule(found.rule.fn)[""]
    written = {n: e for n, e in found.operands.items() if literal(e) is not NotImplemented or displayed(e)}

    def kind_of_part(part: Expr) -> Kind:
        return kind_of(fill(part, found.operands))

    opened = simplify(settled(fill(_placed(text.value, getattr(expr, "at", None)), written), kind_of_part))
    if any(isinstance(e, Choose | Logic) for e in subexpressions(opened)):
        raise UnsupportedError(
            f"which form of {called(expr)} this is cannot be told",
            place(expr),
            "write its arguments out, annotate them, or call with real arguments",
        )
    return fill(opened, found.operands)


def displayed(expr: Expr) -> bool:
    return isinstance(expr, Tuple | List)


def _placed(expr: Expr, at: Any) -> Expr:
    """A rule's text as standing where the call stands."""
    return replace(rebuild(expr, lambda child: _placed(child, at)), at=at)
