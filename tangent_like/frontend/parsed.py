"""Classes of files that are read and not executed: what their text says, in classes that have no code.

A class is stood for by one of the same name, bases and fields whose attributes are ``ParsedMember``: the
hierarchy, named tuples and the fields of dataclasses are then Python's own affair.
"""

from __future__ import annotations

import ast
import collections
import dataclasses
import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tangent_like.frontend.interpolators import interpolator_class, keeps_its_name
from tangent_like.frontend.method_calls import BASES
from tangent_like.ir.nodes import Global, Library, Target, Unresolved, UserFunction

MODULE = "parsed:"
MARK = "__parsed__"
DESCRIBING = ("__get__", "__set__", "__delete__")  # what the class of a descriptor has
LOCAL = "__frames__"  # of a class inside a function: where its methods read their names

Resolve = Callable[[ast.AST], "Target | None"]
UNREAD: object = type("Unread", (), {"__repr__": lambda _: "...", "__module__": "builtins"})()


@dataclass(frozen=True)
class ParsedMember:
    """``form`` as in ``specialize.classes.Member``; "refused" with the reason for what is not followed."""

    form: str
    target: UserFunction | None = None
    value: object = None
    reason: str = ""


@dataclass(frozen=True)
class ParsedClass:
    """Where a class stands: in the file of ``scope``, under a qualified name; in a function, without these."""

    scope: Any  # a FileScope
    qualname: str
    node: ast.ClassDef | None
    annotations: dict[str, ast.expr]


@dataclass(frozen=True, eq=False)
class Decorated:
    """A function of a file under decorators of the user's; what they make of it, applying them tells."""

    scope: Any  # a FileScope
    name: str
    node: ast.FunctionDef


@dataclass(frozen=True, eq=False)
class Made:
    """A name of a file for what a call makes, ``act = np.vectorize(f)``, ``CONF = Config(3)``: as if it stood there."""

    target: UserFunction  # without parameters: what it returns is that call
    cls: type | None = None  # of an interpolator of SciPy's, which nothing changes: it keeps its name


# Calls that give functions, and that neither remember nor write anything.
MAKERS = frozenset({"functools.partial", "numpy.vectorize"})


def made_of_text(scope: Any, value: ast.expr | None, resolve: Resolve) -> Made | logging.Logger | None:
    """Also of ``MODE = Mode.FAST``, a member of an enumeration; for a logger of the file's another one stands."""
    if isinstance(value, ast.Call) and _library(resolve(value.func)) == "logging.getLogger":
        return logging.Logger(MODULE)
    cls = interpolator_class(resolve(value.func)) if isinstance(value, ast.Call) else None
    member = isinstance(value, ast.Attribute) and _is_enumeration(resolve(value.value))
    if value is None or not (cls or member or (isinstance(value, ast.Call) and _makes(value, resolve))):
        return None
    named = cls if cls is not None and isinstance(value, ast.Call) and keeps_its_name(value, cls) else None
    return Made(UserFunction(scope.file, f"<value {value.lineno}:{value.col_offset}>", scope), named)


def _is_enumeration(target: Target | None) -> bool:
    return isinstance(target, Global) and isinstance(target.value, type) and issubclass(target.value, enum.Enum)


def _makes(call: ast.Call, resolve: Resolve) -> bool:
    """Does it make a function, or an object of a class of the file's, of what its text tells?"""
    target = resolve(call.func)
    of_class = isinstance(target, Global) and isinstance(target.value, type) and not _is_enumeration(target)
    if not of_class and _library(target) not in MAKERS:
        return False

    def steady(node: ast.AST) -> bool:
        match node:
            case ast.Lambda():
                return True
            case ast.Call() if of_class:
                known = resolve(node.func)
                plain = isinstance(known, Library) and known.module in ("numpy", "math", "numpy.linalg")
                if plain and "random" not in (known.qualname if isinstance(known, Library) else ""):
                    return all(map(steady, (*node.args, *(k.value for k in node.keywords))))
                return _makes(node, resolve)
            case ast.List() | ast.Dict() if not of_class:
                return False  # it would be the same list in each call
            case ast.List() | ast.Dict() | ast.Tuple() | ast.UnaryOp() | ast.BinOp() | ast.Attribute():
                return all(steady(n) for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr))
            case _:
                return isinstance(node, ast.Name | ast.Constant)

    given = [*call.args, *(k.value for k in call.keywords if k.arg != "otypes")]
    return all(k.arg is not None for k in call.keywords) and all(map(steady, given))


class NotFollowedError(Exception):
    """Why a class cannot be told from its text."""


def parsed(cls: object) -> ParsedClass | None:
    found = vars(cls).get(MARK) if isinstance(cls, type) else None
    return found if isinstance(found, ParsedClass) else None


def class_of_text(scope: Any, node: ast.ClassDef, qualname: str) -> type:
    """The class that stands for a definition; ``NotFollowedError`` says why there is none."""
    resolve: Resolve = scope.resolve
    enumeration = enumeration_of_text(scope, node, qualname)
    if enumeration is not None:
        return enumeration
    bases = [found for base in node.bases if (found := _base(base, resolve)) is not None]
    for keyword in node.keywords:
        if keyword.arg != "metaclass" or _library(resolve(keyword.value)) != "abc.ABCMeta":
            raise NotFollowedError(f"the class keyword {keyword.arg}")
    made = _Decorators(node, resolve)
    annotations: dict[str, ast.expr] = {}
    members: dict[str, Any] = {}
    values: dict[str, ast.expr] = {}
    for stmt in node.body:
        match stmt:
            case ast.FunctionDef():
                member = _method(scope, stmt, f"{qualname}.{stmt.name}", resolve)
                if member is not None:
                    members[stmt.name] = member
                elif stmt.name in members and sets(stmt, stmt.name):
                    setter = UserFunction(scope.file, f"{qualname}.{stmt.name}=", scope)
                    members[stmt.name] = replace(members[stmt.name], value=setter)
            case ast.ClassDef():
                inner = class_of_text(scope, stmt, f"{qualname}.{stmt.name}")
                members[stmt.name] = ParsedMember("constant", None, inner)
            case ast.AnnAssign(target=ast.Name(id=name)):
                if not ast.unparse(stmt.annotation).rpartition("ClassVar")[1]:
                    annotations[name] = stmt.annotation
                if stmt.value is not None:
                    values[name] = stmt.value
            case ast.Assign(targets=[ast.Name(id="__slots__")]):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)) if other in members:
                members[name] = members[other]  # __rmul__ = __mul__
            case ast.Assign(targets=targets) if all(isinstance(t, ast.Name) for t in targets):
                values.update((t.id, stmt.value) for t in targets if isinstance(t, ast.Name))
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise NotFollowedError(f"line {stmt.lineno} of it")
    for name in ("__init_subclass__", "__class_getitem__", "__set_name__"):
        if name in members:
            raise NotFollowedError(f"its {name}")
    for name, value in values.items():
        if reason := _describes(value, resolve):
            members.setdefault(name, ParsedMember("refused", None, None, reason))
        else:
            members.setdefault(name, ParsedMember("constant", None, value_of_text(scope, value)))
    about = {MARK: ParsedClass(scope, qualname, node, annotations), "__module__": MODULE + scope.file}
    if any(_library(resolve(base)) == "typing.NamedTuple" for base in node.bases):
        return _named_tuple(node.name, tuple(annotations), values, scope, members, about)
    try:
        if made.dataclass is None:
            return type(node.name, tuple(bases), {**members, **about})
        return _dataclass(node.name, tuple(bases), annotations, values, scope, members, about, made.dataclass)
    except TypeError as error:  # as Python says it: no order of the bases, a field without default
        raise NotFollowedError(str(error)) from None


def enumeration_of_text(scope: Any, node: ast.ClassDef, qualname: str) -> type | None:
    """The class of ``class Kind(Enum): LINEAR = "linear"``, if it has members and methods and nothing else."""
    bases = [t.obj for t in map(scope.resolve, node.bases) if isinstance(t, Library)]
    made = [cls for cls in bases if isinstance(cls, enum.EnumMeta)]
    mixed = [cls for cls in bases if cls in (int, float, str)]
    if len(made) != 1 or len(node.bases) != 1 + len(mixed) or len(mixed) > 1:
        return None
    members: list[tuple[str, object]] = []
    methods: dict[str, ParsedMember] = {}
    for stmt in node.body:
        match stmt:
            case ast.FunctionDef(name=name) if name not in OF_MEMBERS:
                method = _method(scope, stmt, f"{qualname}.{name}", scope.resolve)
                if method is None:
                    return None
                methods[name] = method
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                automatic = isinstance(value, ast.Call) and _library(scope.resolve(value.func)) == "enum.auto"
                found = enum.auto() if automatic else value_of_text(scope, value)
                if found is UNREAD:
                    return None
                members.append((name, found))
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                return None
    make: Any = made[0]
    try:
        cls: Any = make(node.name, members, module=MODULE + scope.file, type=mixed[0] if mixed else None)
    except (TypeError, ValueError):  # a value that is not one of the type
        return None
    for name, method in methods.items():
        setattr(cls, name, method)
    setattr(cls, MARK, ParsedClass(scope, qualname, node, {}))
    assert isinstance(cls, type)
    return cls


# Methods by which an enumeration makes its members.
OF_MEMBERS = ("__new__", "__init__", "_missing_", "_generate_next_value_", "__getattr__", "__getattribute__")


def named_tuple_of_text(scope: Any, name: str, node: ast.expr) -> type | None:
    """The class of ``Point = namedtuple("Point", "x y")``."""
    if not isinstance(node, ast.Call) or len(node.args) != 2:
        return None
    maker = _library(scope.resolve(node.func))
    if maker not in ("collections.namedtuple", "typing.NamedTuple"):
        return None
    try:
        fields = ast.literal_eval(node.args[1])
    except ValueError:
        if not isinstance(node.args[1], ast.List | ast.Tuple):
            return None
        pairs = [e for e in node.args[1].elts if isinstance(e, ast.Tuple) and len(e.elts) == 2]
        fields = [e.elts[0].value for e in pairs if isinstance(e.elts[0], ast.Constant)]
        if len(fields) != len(node.args[1].elts):
            return None
    defaults = [k.value for k in node.keywords if k.arg == "defaults"]
    if len(defaults) != len(node.keywords):
        return None
    given = value_of_text(scope, defaults[0]) if defaults else ()
    if not isinstance(given, tuple | list):
        return None
    made: Any = collections.namedtuple(name, fields, defaults=given)  # type: ignore[misc]
    made.__module__ = MODULE + scope.file
    return made


def value_of_text(scope: Any, node: ast.expr) -> object:
    """What a constant is, as far as its text tells; ``UNREAD`` for what only running it tells."""
    match node:
        case ast.Constant(value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Tuple(elts=items) if not any(isinstance(e, ast.Starred) for e in items):
            return tuple(value_of_text(scope, e) for e in items)
        case ast.List(elts=items) if not any(isinstance(e, ast.Starred) for e in items):
            return [value_of_text(scope, e) for e in items]
        case ast.Dict(keys=keys, values=values):
            try:
                known = [ast.literal_eval(k) for k in keys if k is not None]
            except ValueError:
                return UNREAD
            if len(known) != len(keys):
                return UNREAD
            return {k: value_of_text(scope, v) for k, v in zip(known, values, strict=True)}
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(k.arg for k in keywords):
            return {str(k.arg): value_of_text(scope, k.value) for k in keywords}
        case ast.Lambda():
            return UserFunction(scope.file, f"<lambda {node.lineno}:{node.col_offset}>", scope)
        case ast.Name() | ast.Attribute():
            target = scope.resolve(node)
            if isinstance(target, UserFunction):
                return target
            if isinstance(target, Library) and target.obj is not None and callable(target.obj):
                return target
            if isinstance(target, Global) and isinstance(target.value, type | tuple | list | dict):
                return target.value
            if isinstance(target, Global) and target.value is None:
                return _constant(target)
            if isinstance(node, ast.Attribute):
                return _member(scope.resolve(node.value), node.attr)
    return UNREAD


def _constant(target: Global) -> object:
    """A number or a text of a module, by its name."""
    bound = getattr(target.definition, "bindings", {}).get(target.name, ())
    node = bound[0].node if len(bound) == 1 else None
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return UNREAD
    found = value_of_text(target.definition, node.value)
    return found if isinstance(found, int | float | str) else UNREAD


def _member(holder: Target | None, name: str) -> object:
    """``Kind.LINEAR``."""
    cls = holder.value if isinstance(holder, Global) else None
    return cls.__members__.get(name, UNREAD) if isinstance(cls, enum.EnumMeta) else UNREAD


def has_structure(value: object) -> bool:
    """Is there in it what no array holds?"""
    if isinstance(value, dict):
        return True
    if isinstance(value, tuple | list):
        return any(has_structure(v) for v in value)
    return value is UNREAD or isinstance(value, str | UserFunction | Library | type)


# -- parts of a class -----------------------------------------------------------------------------


def _library(target: Target | None) -> str:
    return f"{target.module}.{target.qualname}" if isinstance(target, Library) else ""


def _base(node: ast.expr, resolve: Resolve) -> type | None:
    if isinstance(node, ast.Subscript):  # Generic[T]
        node = node.value
    target = resolve(node)
    name = _library(target)
    if name in ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple"):
        return None
    if isinstance(target, Global) and isinstance(target.value, type):
        return target.value
    if isinstance(target, Library) and isinstance(obj := target.obj, type) and issubclass(obj, (BaseException, *BASES)):
        return obj
    raise NotFollowedError(f"its base {ast.unparse(node)}, which is not followed")


class _Decorators:
    """What stands above a class: ``dataclass`` alone."""

    def __init__(self, node: ast.ClassDef, resolve: Resolve) -> None:
        self.dataclass: dict[str, object] | None = None
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = _library(resolve(call.func if call is not None else decorator))
            if name != "dataclasses.dataclass":
                raise NotFollowedError(f"its decorator {ast.unparse(decorator)}")
            self.dataclass = {}
            for keyword in call.keywords if call is not None else ():
                if keyword.arg is None or not isinstance(keyword.value, ast.Constant):
                    raise NotFollowedError(f"its decorator {ast.unparse(decorator)}")
                self.dataclass[keyword.arg] = keyword.value.value


# Decorators of libraries that are called where the file is read.
APPLIED = (
    *(("tangent_like", name) for name in ("checkpoint", "reversible", "grad", "value_and_grad")),
    ("numpy", "vectorize"),
)

TRANSPARENT = frozenset(
    {"functools.lru_cache", "functools.cache", "numba.njit", "numba.jit", "numba.core.decorators.njit"}
    | {"numba.core.decorators.jit", "abc.abstractmethod", "typing.override", "typing.final"}
    | {"tangent_like.custom_vjp", "tangent_like.custom_jvp"}  # what the function computes they leave as it is
)


def sets(node: ast.FunctionDef, name: str) -> bool:
    """Is it the setter of the property ``name``, and nothing else?"""
    return [ast.unparse(d) for d in node.decorator_list] == [f"{name}.setter"]


def _method(scope: Any, node: ast.FunctionDef, qualname: str, resolve: Resolve) -> ParsedMember | None:
    """What a def in a class makes; None for the setter of a property."""
    form, target = "method", UserFunction(scope.file, qualname, scope)
    around: Decorated | None = None
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter"):
            return None
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        match _library(resolve(func)):
            case "builtins.property":
                form = "property"
            case "functools.cached_property":
                form = "cached"
            case "builtins.staticmethod":
                form = "static"
            case "builtins.classmethod":
                form = "class"
            case "tangent_like.custom_vjp" | "tangent_like.custom_jvp":
                return ParsedMember("refused", None, None, "a method with a rule of its own, read from a file,")
            case name if name in TRANSPARENT:
                pass
            case _ if _is_applied(resolve(func)):
                around = Decorated(scope, qualname, node)
            case _:
                reason = f"the decorator {ast.unparse(decorator)} of a method"
                return ParsedMember("refused", None, None, reason)
    if around is not None and form != "method":
        return ParsedMember("refused", None, None, "a method under several decorators, one of them ours or yours,")
    return ParsedMember(form, target, around)


def _is_applied(target: object) -> bool:
    """Is it a decorator that is called where it is read: one of the user's, of ours, or ``np.vectorize``?"""
    if isinstance(target, Library):
        return (target.module, target.qualname) in APPLIED
    return isinstance(target, UserFunction)


def _named_tuple(
    name: str, fields: tuple[str, ...], values: dict[str, ast.expr], scope: Any, members: Any, about: Any
) -> type:
    defaults = [value_of_text(scope, values[f]) for f in fields if f in values]
    made: Any = collections.namedtuple(name, fields, defaults=defaults)  # type: ignore[misc]
    for key, value in {**members, **about}.items():
        if key not in fields:
            setattr(made, key, value)
    return made


def _dataclass(
    name: str, bases: tuple[type, ...], annotations: dict[str, ast.expr], values: dict[str, ast.expr],
    scope: Any, members: dict[str, Any], about: dict[str, Any], options: dict[str, object],
) -> type:  # fmt: skip
    found: dict[str, Any] = {k: v for k, v in members.items() if k not in annotations}
    for field in annotations:
        if field in values:
            if said := _describes(values[field], scope.resolve):
                raise NotFollowedError(said)
            found[field] = _field(scope, values[field])
    shown = {field: _field_type(note) for field, note in annotations.items()}
    made = type(name, bases, {**found, **about, "__annotations__": shown})
    written = bool(options.get("init", True)) and "__init__" not in members
    frozen, keyed = bool(options.get("frozen", False)), bool(options.get("kw_only", False))
    dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=keyed, frozen=frozen)(made)
    made.__written_init__ = written  # type: ignore[attr-defined]
    made.__compares__ = bool(options.get("eq", True)), bool(options.get("order", False))  # type: ignore[attr-defined]
    return made


def _describes(value: ast.expr, resolve: Resolve) -> str:
    """Why an attribute of a class is not just its value: it is a descriptor, or may be one."""
    target = resolve(value.func) if isinstance(value, ast.Call) else None
    if isinstance(target, Unresolved):
        return f"an attribute that {target.name} makes, {target.reason},"
    cls = target.value if isinstance(target, Global) else target.obj if isinstance(target, Library) else None
    return f"the descriptor {ast.unparse(value)}, read from a file," if isinstance(cls, type) and describes(cls) else ""


def describes(cls: type) -> bool:
    """Are its objects descriptors?"""
    return any(hasattr(cls, name) for name in DESCRIBING)


def _field_type(note: ast.expr) -> object:
    """What ``dataclass`` has to know of an annotation."""
    match ast.unparse(note).removeprefix("dataclasses.").partition("["):
        case ("InitVar", _, _):
            return dataclasses.InitVar[object]
        case ("KW_ONLY", _, _):
            return dataclasses.KW_ONLY
        case (text, _, _) if "InitVar" in text or "KW_ONLY" in text:
            raise NotFollowedError(f"its field of type {ast.unparse(note)}")
        case _:
            return object


def _field(scope: Any, node: ast.expr) -> Any:
    """The default of a field of a dataclass."""
    if isinstance(node, ast.Call) and _library(scope.resolve(node.func)) == "dataclasses.field":
        given: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg == "default":
                given["default"] = value_of_text(scope, keyword.value)
            elif keyword.arg == "default_factory":
                factory = value_of_text(scope, keyword.value)
                given["default_factory"] = factory.obj if isinstance(factory, Library) else Factory(factory)
            elif keyword.arg in ("init", "kw_only", "compare"):
                if not isinstance(keyword.value, ast.Constant):
                    raise NotFollowedError(f"its {ast.unparse(node)}")
                given[keyword.arg] = keyword.value.value
        return dataclasses.field(**given)
    found = value_of_text(scope, node)
    if found is UNREAD and isinstance(node, ast.Call):  # made anew for each object: right for what is not changed
        made = UserFunction(scope.file, f"<default {node.lineno}:{node.col_offset}>", scope)
        return dataclasses.field(default_factory=Factory(made, True))
    return dataclasses.field(default=found)


@dataclass(frozen=True, eq=False)
class Factory:
    """What makes the default of a field: a function of the user's, or what is not followed."""

    made_by: object
    shared: bool = False  # one for all objects

    def __call__(self) -> object:
        raise AssertionError("never called")
