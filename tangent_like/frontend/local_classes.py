"""A class inside a function: its methods as functions inside it, and a call that makes the class of them.

Before                                   After

    class Spring(Part):                      def Spring.__init__(self, k): self.k = k
        scale = 2.0                          def Spring.energy(self, d): return self.scale * self.k * d * d
                                             Spring = class_of("Spring", (Part,), None,
        def __init__(self, k):                   (("__init__", "method", Spring.__init__), ...),
            self.k = k                           (("scale", "value", 2.0),))

        def energy(self, d):
            return self.scale * self.k * d * d

The methods read the names of the function around them, as they do in Python, and not those of the class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import Assign, Call, Const, Define, Expr, Function, Library, Name, Origin, Ref, Stmt, Tuple

CLASS_OF = Ref("class_of", Library("tangent_like", "class_of", None))
FORMS = {
    "builtins.property": "property", "builtins.staticmethod": "static", "builtins.classmethod": "class",
    "functools.cached_property": "cached", "abc.abstractmethod": "method",
}  # fmt: skip


def local_class(
    node: Any,
    expr: Callable[[Any], Expr],
    function: Callable[[Any], Function],
    origin: Callable[[Any], Origin],
    refuse: Callable[..., UnsupportedError],
) -> list[Stmt]:
    """The statements for a class definition; ``refuse`` makes the error for what is not followed."""
    if node.keywords or len(node.decorator_list) > 1:
        what = "a class in a function with a metaclass or several decorators"
        raise refuse(node, what, "move it out of the function")
    where = origin(node)
    options = dataclass_options(node.decorator_list[0], expr, refuse) if node.decorator_list else None
    bases = tuple(map(expr, node.bases))
    out: list[Stmt] = []
    methods: dict[str, Expr] = {}
    values: dict[str, Expr] = {}

    def checked(value: Any) -> Expr:
        """An expression of the class body, which does not see what the class has: that would be a name of its own."""
        own = {n.id for n in gast.walk(value) if isinstance(n, gast.Name)} & {*methods, *values}
        if own:
            raise refuse(value, f"a class in a function that reads {min(own)!r} of its own", "write the value out")
        return expr(value)

    for stmt in node.body:
        match stmt:
            case gast.FunctionDef(name=name):
                for default in (*stmt.args.defaults, *(d for d in stmt.args.kw_defaults if d is not None)):
                    checked(default)
                form = form_of(stmt, expr, refuse)
                key = f"{name}=" if form == "setter" else name
                out.append(Define(f"{node.name}.{key}", function(stmt), (), origin(stmt)))
                methods[key] = Tuple((Const(key), Const(form), Name(f"{node.name}.{key}")))
            case gast.AnnAssign(target=gast.Name(id=name), value=value):
                form = "value" if "ClassVar" in gast.unparse(stmt.annotation) else "field"
                default = Const(None) if value is None else checked(value)
                values[name] = Tuple((Const(name), Const(form if value is not None else "annotated"), default))
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.Name(id=other)) if other in methods:
                found = methods[other]  # __rmul__ = __mul__
                assert isinstance(found, Tuple)
                methods[name] = Tuple((Const(name), *found.items[1:]))
            case gast.Assign(targets=[gast.Name(id="__slots__")]):
                pass
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                values[name] = Tuple((Const(name), Const("value"), checked(value)))
            case gast.Pass() | gast.Expr(value=gast.Constant()):
                pass
            case _:
                raise refuse(stmt, "this in a class in a function", "move the class out of the function")
    rows = (Tuple(tuple(methods.values())), Tuple(tuple(values.values())))
    given = (Const(node.name), Tuple(bases), Const(options), *rows)
    return [*out, Assign((node.name,), (Call(CLASS_OF, given),), where)]


def library_name(expr: Expr) -> str:
    target = expr.target if isinstance(expr, Ref) else None
    return f"{target.module}.{target.qualname}" if isinstance(target, Library) else ""


def dataclass_options(node: Any, expr: Callable[[Any], Expr], refuse: Callable[..., UnsupportedError]) -> object:
    """What ``dataclass`` is given, by name."""
    call = expr(node)
    func, keywords = (call.func, call.keywords) if isinstance(call, Call) else (call, ())
    plain = {name: value.value for name, value in keywords if isinstance(value, Const)}
    if library_name(func) != "dataclasses.dataclass" or len(plain) != len(keywords):
        raise refuse(node, "a class in a function under this decorator", "move it out of the function")
    return tuple(plain.items())


def form_of(node: Any, expr: Callable[[Any], Expr], refuse: Callable[..., UnsupportedError]) -> str:
    """What the decorators of a method make of it."""
    form = "method"
    for decorator in node.decorator_list:
        if isinstance(decorator, gast.Attribute) and decorator.attr == "setter":
            return "setter"
        found = FORMS.get(library_name(expr(decorator)))
        if found is None:
            raise refuse(decorator, "this decorator of a method of a class in a function", "move the class out")
        form = found if found != "method" else form
    return form
