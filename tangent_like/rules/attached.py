"""Which rule of the user's holds for a callable: looked up where the program finds its names, in no registry.

In this order: what the call of the driver is given (``rules=``); what is attached to the function itself; and, for
what can carry nothing (a function of C), a rule that the module has whose function calls it, or the module of
the function that is differentiated.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from tangent_like.errors import RuleError, UnsupportedError
from tangent_like.frontend.own_text import signature_of_text
from tangent_like.frontend.protected import Protection
from tangent_like.frontend.resolve import FileScope, LiveScope, Scope
from tangent_like.frontend.rules_in_files import Written, written_rules
from tangent_like.frontend.source import FunctionSource, from_file
from tangent_like.ir.nodes import Global, Library, Ruled, Target, UserFunction
from tangent_like.request import Same
from tangent_like.rules.own import Callee, Options, own_constant, own_rule
from tangent_like.rules.rule import Rule

# The name under which a function carries its rule.
RULE = "__tangent_like_rule__"

Given: TypeAlias = "tuple[tuple[Same, Rule], ...]"
Reads: TypeAlias = "tuple[tuple[Callable[[], object], object], ...]"


def rule_on(value: object) -> Rule | None:
    """The rule that a function carries. What ``functools.wraps`` copied from another function is not its own."""
    rule = getattr(value, "__dict__", {}).get(RULE)
    return rule if isinstance(rule, Rule) and any(t is value for t in rule.targets) else None


@dataclass(eq=False)
class Attached:
    """The rules of the user's in one derivative. ``roots`` are the modules of what is differentiated.

    ``within``: the functions inside whose derivatives this one is made. ``as_lists``: tuples that grow in loops are
    read as lists; ``growing`` are the functions that were read and have some. ``protection``: of arrays from writes.
    """

    given: Given = ()
    roots: tuple[Mapping[str, object], ...] = ()
    within: tuple[object, ...] = ()
    as_lists: bool = False
    growing: dict[str, None] = field(default_factory=dict)
    protection: Protection = field(default_factory=Protection)
    used: dict[Rule, None] = field(default_factory=dict)
    looked: dict[tuple[int, str], tuple[Callable[[], object], object]] = field(default_factory=dict)
    seen: dict[int, tuple[object, dict[object, tuple[str, Rule]]]] = field(default_factory=dict)
    fitted: dict[tuple[Same, Rule], Rule] = field(default_factory=dict)
    files: dict[str, dict[Target, tuple[str, Rule]]] = field(default_factory=dict)

    def ruled(self, target: Target, scope: Scope | None = None) -> Target:
        """The target with its rule, if it has one."""
        rule = self.rule_of(target, scope)
        if rule is None:
            return target
        self.used[rule] = None
        match target:
            case Ruled():
                return replace(target, rule=rule)
            case Library(module, qualname, obj):
                return Ruled(module, qualname, obj, rule, target)
            case UserFunction(owner, qualname, source):
                return Ruled(owner, qualname, source if callable(source) else None, rule, target)
            case Global(owner, name, value):
                return Ruled(owner, name, value, rule, target)
            case _:
                return target

    def rule_of(self, target: Target, scope: Scope | None = None) -> Rule | None:
        value = _object(target)
        for fn, rule in self.given:
            if fn.obj is value:
                return self._held(value, rule)
        on = rule_on(value)
        if on is not None:
            self._note(value, RULE, lambda: rule_on(value), on)
            return on
        for space in (*([scope.fn.__globals__] if isinstance(scope, LiveScope) else []), *self.roots):
            found = self._in_space(space).get(id(value)) if value is not None else None
            if found is not None:
                name, rule = found
                self._note(space, name, lambda space=space, name=name: space.get(name), rule)  # type: ignore[misc]
                return rule
        for file in _files(target, scope):
            in_file = self._in_file(file).get(target)
            if in_file is not None:
                return in_file[1]
        return None

    def _held(self, fn: object, rule: Rule) -> Rule:
        """A rule that is given for a function, held against it."""
        if rule.own is None or any(t is fn for t in rule.targets):
            return rule
        if (Same(fn), rule) not in self.fitted:
            if rule.form == "constant":
                made = own_constant(callee_of(fn), rule.reason, rule.own.place)
            else:
                made = own_rule(rule.form, rule.own.texts, callee_of(fn), rule.own.options or Options())
            self.fitted[Same(fn), rule] = made
        return self.fitted[Same(fn), rule]

    def _note(self, owner: object, name: str, look: Callable[[], object], rule: Rule) -> None:
        self.looked[id(owner), name] = (look, rule)

    @property
    def reads(self) -> Reads:
        """What was found where, to be looked at again."""
        return tuple(self.looked.values())

    @property
    def texts(self) -> tuple[types.FunctionType, ...]:
        """The functions whose texts are in the derivative."""
        sources = [s for rule in self.used if rule.own is not None for s in rule.own.texts.values()]
        found: list[Any] = [s.obj for s in sources]
        return tuple(fn for fn in found if fn is not None)

    def below(self) -> Given:
        """For the derivative of this derivative: the rules that were found where it does not look."""
        return (*self.given, *((Same(t), rule) for rule in self.used for t in rule.targets if rule_on(t) is not rule))

    def _in_space(self, space: Mapping[str, object]) -> dict[object, tuple[str, Rule]]:
        """The rules that a module has names for, by the callable that each is for."""
        known = self.seen.get(id(space))
        if known is None:
            table: dict[object, tuple[str, Rule]] = {}
            for name, value in list(space.items()):
                if not isinstance(value, Rule) or value.own is None:
                    continue
                for target in value.targets:
                    if table.setdefault(id(target), (name, value))[1] is not value:
                        raise RuleError(f"a second rule for {value.own.name} in one module", value.own.place)
            known = self.seen[id(space)] = (space, table)
        return known[1]

    def _in_file(self, scope: FileScope) -> dict[Target, tuple[str, Rule]]:
        """The rules of a file and those that it imports by name, by what each is for."""
        if scope.file not in self.files:
            try:
                self._read_file(scope)
            except BaseException:  # what is wrong here is wrong the next time, too
                self.files.pop(scope.file, None)
                raise
        return self.files[scope.file]

    def _read_file(self, scope: FileScope) -> None:
        found = self.files[scope.file] = {}  # known before the files that it imports are read: they may import it
        found.update(rules_of_file(scope))
        for binding in scope.bindings.values():
            if binding[-1].kind == "import" and binding[-1].source[1] is not None:
                module, name = binding[-1].source
                other = scope.sibling(module)
                for target, (known, rule) in self._in_file(other).items() if other is not None else ():
                    if known == name:
                        found.setdefault(target, (known, rule))


def _object(target: Target) -> object:
    match target:
        case Library(obj=obj):
            return obj if callable(obj) else None
        case UserFunction(source=source):
            return source if isinstance(source, types.FunctionType) else None
        case Global(value=value):
            return value if callable(value) else None
        case _:
            return None


def _files(target: Target, scope: Scope | None) -> Iterable[FileScope]:
    if isinstance(target, UserFunction) and isinstance(target.source, FileScope):
        yield target.source
    if isinstance(scope, FileScope) and isinstance(target, UserFunction | Library):
        yield scope


@dataclass(frozen=True, eq=False)
class RuledScope:
    """A scope in which callables have their rules."""

    scope: Scope
    attached: Attached

    def lookup(self, name: str) -> Target:
        return self.attached.ruled(self.scope.lookup(name), self.scope)

    def attribute(self, target: Target, name: str) -> Target:
        return self.attached.ruled(self.scope.attribute(target, name), self.scope)

    def imported(self, module: str, attribute: str | None, name: str) -> Target:
        return self.attached.ruled(self.scope.imported(module, attribute, name), self.scope)


def with_rules(source: FunctionSource, attached: Attached) -> FunctionSource:
    return replace(source, scope=RuledScope(source.scope, attached))


# -- files ------------------------------------------------------------------------------------------


def rules_of_file(scope: FileScope) -> Iterable[tuple[Target, tuple[str, Rule]]]:
    """The rules that a file says, by what each is for, with the name of each."""
    custom: dict[UserFunction | Library, dict[str, tuple[Written, FunctionSource]]] = {}
    for written in written_rules(scope):
        target = scope.resolve(written.callee)
        if not isinstance(target, UserFunction | Library):
            raise RuleError(
                "what this is a rule for is not known without running the file",
                written.place,
                "write the rule for a function by its name",
            )
        if written.form == "constant":
            reason = str(written.options.get("reason", ""))
            yield target, (written.name, own_constant(_callee(target), reason, written.place))
            continue
        assert written.text is not None
        source = from_file(scope, f"{written.text.name}@")
        assert source is not None
        if written.form in ("vjp", "jvp"):
            custom.setdefault(target, {})[written.form] = (written, source)
            continue
        known = {k: v for k, v in written.options.items() if k in Options.__dataclass_fields__}
        yield target, (written.name, own_rule(written.form, {"": source}, _callee(target), Options(**known)))  # type: ignore[arg-type]
    for target, found in custom.items():
        name = next(iter(found.values()))[0].name
        texts = {form: source for form, (_, source) in sorted(found.items(), reverse=True)}
        yield target, (name, own_rule("custom", texts, _callee(target), Options()))


def _callee(target: UserFunction | Library) -> Callee:
    if isinstance(target, Library):
        return callee_of(target.obj, target.qualname)
    assert isinstance(target.source, FileScope)
    found = from_file(target.source, f"{target.qualname}@")
    if found is None:
        raise UnsupportedError(f"{target.qualname} is no function of {target.source.file}")
    return Callee(target.qualname, signature_of_text(found), True)


def callee_of(fn: object, name: str = "") -> Callee:
    """A live callable as a rule is held against it."""
    try:
        signature = inspect.signature(fn)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        signature = None
    called = name or getattr(fn, "__qualname__", None) or getattr(fn, "__name__", None) or type(fn).__name__
    return Callee(str(called).rpartition(".")[2], signature, isinstance(fn, types.FunctionType), (fn,))
