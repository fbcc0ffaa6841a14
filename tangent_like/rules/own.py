"""A user's rule made of its text, and held against the function that it is for: what does not fit is an error.

Every error stands at the rule's own line, when the rule is made and not when it is used.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn

from tangent_like.errors import Place, RuleError
from tangent_like.frontend.own_text import (
    inner_function,
    inner_params,
    is_def,
    is_plain,
    returns,
    signature_of_text,
    stray,
    without_doc,
)
from tangent_like.frontend.source import FunctionSource
from tangent_like.kinds.results import RESULTS
from tangent_like.rules.rule import ANYTHING, CALLED, Own, Rule

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, eq=False)
class Callee:
    """The function that a rule is for. ``has_text``: it is a Python function of the user's."""

    name: str
    signature: inspect.Signature | None = None
    has_text: bool = False
    targets: tuple[object, ...] = ()


@dataclass(frozen=True)
class Options:
    """What is said of a rule beside its text."""

    kind: str = ""
    of: tuple[str, ...] = ()
    inactive: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    reason: str = ""
    accepts: Mapping[str, tuple[object, ...]] = field(default_factory=lambda: MappingProxyType({}))


def own_rule(form: str, texts: Mapping[str, FunctionSource], callee: Callee, options: Options) -> Rule:
    """The rule that ``texts`` are, in the form "elementwise", "linear" or "rule".

    Raises ``RuleError`` at the line of a text that does not fit ``callee``, or that says less than the form asks.
    """
    return _Making(form, texts, callee, options).rule()


def own_constant(callee: Callee, reason: str, place: Place) -> Rule:
    """A function of which the user says that it carries no derivative."""
    if not reason.strip():
        raise RuleError(f"why {callee.name} carries no derivative is not said", place, 'say it: reason="..."')
    own = Own(callee.name, place, inspect.Signature(), {})
    kind = CALLED if callee.has_text else "unknown"
    return Rule(callee.targets, "constant", _nothing, kind, (), (), reason=reason, own=own)


def _nothing(*args: object, **kwargs: object) -> None:
    return None


@dataclass(frozen=True, eq=False)
class _Making:
    form: str
    texts: Mapping[str, FunctionSource]
    callee: Callee
    options: Options

    def refuse(self, reason: str, hint: str = "", source: FunctionSource | None = None, node: Any = None) -> NoReturn:
        source = self.first if source is None else source
        raise RuleError(reason, source.place(source.tree if node is None else node), hint)

    @property
    def first(self) -> FunctionSource:
        return next(iter(self.texts.values()))

    @property
    def count(self) -> int:
        """How many results the function has."""
        return max(1, len(self.options.results))

    def rule(self) -> Rule:
        kind = self.options.kind or (CALLED if self.callee.has_text else "")
        kind = kind or ("elementwise" if self.form == "elementwise" else "unknown")
        if kind not in RESULTS and kind != CALLED:
            self.refuse(f"there is no kind {kind!r} of a result", f"known: {', '.join(sorted(RESULTS))}")
        params = self.operands()
        operands = tuple(params)
        for what, names in (("of", self.options.of), ("inactive", self.options.inactive)):
            for name in names:
                if name not in operands:
                    self.refuse(f"{what}= names {name!r}, which is no operand", f"operands: {', '.join(operands)}")
        differentiable, still = self.differentiable(operands)
        signature = inspect.Signature(list(params.values()))
        place = self.first.place(self.first.tree)
        parts = tuple(n for n in operands if n in differentiable or n in still)
        own = Own(self.callee.name, place, signature, self.texts, self.options.of or parts, self.options)
        fn = self.first.obj or _nothing
        return Rule(
            self.callee.targets,
            self.form,
            fn,
            kind,
            operands,
            differentiable,
            reason=self.options.reason,
            accepts=self.options.accepts or ANYTHING,
            aliases=self.aliases(operands),
            inactive=(*self.options.inactive, *still),
            results=self.options.results,
            own=own,
        )

    # -- parameters --

    def given(self, source: FunctionSource) -> list[inspect.Parameter]:
        """The parameters of a text."""
        found = list(signature_of_text(source).parameters.values())
        for param in found:
            if param.kind in STARRED:
                self.refuse(f"a rule names its operands: it takes no {param}", "write them out", source)
        return found

    def operands(self) -> dict[str, inspect.Parameter]:
        """The operands by the rule's names, with the defaults of the function."""
        heads = {"elementwise": self.count, "linear": 2 * self.count}.get(self.form, self.count)
        if "" in self.texts:
            params = self.given(self.texts[""])
            if len(params) <= heads:
                what = {"elementwise": "the result", "linear": "the adjoint of the result, the result"}
                self.refuse(
                    f"a rule takes {what.get(self.form, 'the result')} and then the operands: this one takes "
                    f"{_listed(p.name for p in params)}",
                    f"for {self.callee.name}: ({', '.join(self.wanted(heads))})",
                )
            return self.fitted(params[heads:], self.texts[""])
        assert self.callee.signature is not None
        for mode, source in self.texts.items():
            self.check_heads(mode, source)
        return {n: p for n, p in self.callee.signature.parameters.items() if p.kind not in STARRED}

    def wanted(self, heads: int) -> list[str]:
        names = {1: ["y"], 2: ["y_bar", "y"]}.get(heads, ["..."])
        theirs = self.callee.signature.parameters if self.callee.signature is not None else ["x"]
        return [*names, *theirs]

    def check_heads(self, mode: str, source: FunctionSource) -> None:
        """``(y_bar, y, *operands)``, ``(*tangents, y, *operands)``: the operands are all of the function's."""
        assert self.callee.signature is not None
        theirs = [n for n, p in self.callee.signature.parameters.items() if p.kind not in STARRED]
        own = [p.name for p in self.given(source)]
        if mode == "vjp":
            fits = len(own) == 2 * self.count + len(theirs)
            heads = [*("y_bar" for _ in range(self.count)), *("y" for _ in range(self.count))]
        else:
            active = self.options.of or theirs
            fits = len(own) in (len(active) + self.count + len(theirs), 2 * len(theirs) + self.count)
            heads = [*(f"{n}_dot" for n in active), *("y" for _ in range(self.count))]
        wanted = ", ".join([*heads, *theirs])
        if not fits:
            what = f"the {mode} of {self.callee.name} takes ({wanted}): this one takes {_listed(own)}"
            self.refuse(what, "all the arguments of the function, in order, behind them", source)
        behind = own[len(own) - len(theirs) :]
        suffix = "_bar" if mode == "vjp" else "_dot"
        if any(name.endswith(suffix) and name not in theirs for name in behind):
            what = f"the {mode} of {self.callee.name} takes ({wanted}): this one takes {_listed(own)}"
            self.refuse(what, "in this order", source)
        for k, name in enumerate(behind):
            if name in theirs and theirs.index(name) != k:
                what = f"the operand {name!r} is argument number {theirs.index(name)} of {self.callee.name}"
                self.refuse(what, f"take ({wanted})", source)

    def fitted(self, own: list[inspect.Parameter], source: FunctionSource) -> dict[str, inspect.Parameter]:
        """The operands held against the arguments of the function, where those are known."""
        signature = self.callee.signature
        if signature is None:
            return {p.name: p for p in own}
        theirs = signature.parameters
        positional = [n for n, p in theirs.items() if p.kind in POSITIONAL]
        more = any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in theirs.values())
        takes = f"{self.callee.name} takes {signature}"
        found: dict[str, inspect.Parameter] = {}
        met: set[str] = set()
        named = False  # behind one that has to be named, all have to be
        for k, param in enumerate(own):
            skipped = positional[k : positional.index(param.name)] if param.name in positional[k:] else []
            if skipped and all(theirs[n].default is not inspect.Parameter.empty for n in skipped):
                named = True
            if named and param.name in theirs:
                name = param.name
                met.add(name)
                default = theirs[name].default if param.default is param.empty else param.default
                found[name] = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
                continue
            if k < len(positional) and param.kind in POSITIONAL:
                name = positional[k]
                if param.name != name and param.name in theirs:
                    self.refuse(f"the operand {param.name!r} stands where {name!r} belongs: {takes}", "", source)
            elif param.name in theirs:
                name = param.name
            elif more and param.kind in POSITIONAL:
                found[param.name] = param
                continue
            else:
                self.refuse(f"there is no argument for the operand {param.name!r}: {takes}", "", source)
            met.add(name)
            default = theirs[name].default if param.default is param.empty else param.default
            sort = theirs[name].kind
            sort = inspect.Parameter.POSITIONAL_OR_KEYWORD if sort in POSITIONAL else sort
            found[param.name] = inspect.Parameter(param.name, sort, default=default)
        for name, their in theirs.items():
            if name not in met and their.default is their.empty and their.kind not in STARRED:
                self.refuse(f"the rule lacks the argument {name!r}: {takes}", "take it as an operand", source)
        return dict(sorted(found.items(), key=lambda item: item[1].kind))

    def aliases(self, operands: tuple[str, ...]) -> Mapping[str, str]:
        """The function's names for operands that the rule calls otherwise."""
        if self.callee.signature is None:
            return {}
        theirs = [n for n, p in self.callee.signature.parameters.items() if p.kind in POSITIONAL]
        return {t: o for t, o in zip(theirs, operands, strict=False) if t != o and t not in operands}

    # -- what it returns --

    def differentiable(self, operands: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The operands with derivatives, and those whose derivative the rule says is zero: ``None`` in its place."""
        candidates = self.options.of or tuple(n for n in operands if n not in self.options.inactive)
        if not candidates:
            self.refuse("no operand carries a derivative", "say so: tl.rule.constant(..., reason=...)")
        if self.form == "linear" and not self.options.of and not any(r.count for r in returns(self.first.tree)):
            candidates = candidates[:1]  # one adjoint: of what it is linear in, which comes first
        if "vjp" in self.texts or self.form in ("elementwise", "linear"):
            source = self.texts["vjp"] if "vjp" in self.texts else self.texts[""]
            still = self.returned(source, source.tree, candidates)
        elif "jvp" in self.texts:
            still = ()
        else:
            still = self.both(self.texts[""], candidates)
        active = tuple(n for n in candidates if n not in still)
        if not active:
            self.refuse("no operand carries a derivative", "say so: tl.rule.constant(..., reason=...)")
        return active, still

    def both(self, source: FunctionSource, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """A rule with ``jvp`` and ``vjp`` inside, or one of the two."""
        form = "def jvp(x_dot): ..., def vjp(y_bar): ..., return jvp, vjp"
        if not is_def(source):
            self.refuse("a rule of both modes is a def with two functions inside", form, source)
        dots, bars = inner_params(source, "jvp"), inner_params(source, "vjp")
        if dots is None and bars is None:
            self.refuse("there is no jvp and no vjp in the rule", form, source)
        other = stray(source)
        if other is not None:
            self.refuse("a rule of both modes is assignments, jvp and vjp", form, source, other)
        for name in ("jvp", "vjp"):
            tree = inner_function(source, name)
            if tree is not None and not is_plain(without_doc(tree.body), inner_params(source, name) or ()):
                what = f"{name} is assignments to new names and one return"
                self.refuse(what, "put the rest into a function, and call it", source, tree)
        still: tuple[str, ...] = ()
        if bars is not None:
            tree = inner_function(source, "vjp")
            if len(bars) != self.count:
                what = f"vjp takes {self.count} adjoint{'s' * (self.count > 1)} of the result, not {_listed(bars)}"
                self.refuse(what, "", source, tree)
            still = self.returned(source, tree, candidates)
        if dots is not None:
            every = len(signature_of_text(source).parameters) - self.count
            if len(dots) not in (len(candidates) - len(still), every):
                active = [n for n in candidates if n not in still]
                what = f"jvp takes the tangents of {', '.join(active)}: this one takes {_listed(dots)}"
                self.refuse(what, "", source, inner_function(source, "jvp"))
        return still

    def returned(self, source: FunctionSource, tree: Any, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """The operands for which every ``return`` says ``None``; an error where a count is wrong."""
        still: set[str] | None = None
        for found in returns(tree):
            if found.count:
                if found.count != len(candidates):
                    what = f"{found.count} values for the operands {', '.join(candidates)}"
                    self.refuse(f"the rule returns {what}", "None for one without a derivative", source, found.node)
                none = {n for n, is_none in zip(candidates, found.none, strict=True) if is_none}
                still = none if still is None else still & none
                continue
            if found.nothing or len(candidates) > 1:
                what = "nothing" if found.nothing else "one value"
                hint = "return a tuple, or name the operands that carry derivatives: of=(...)"
                named = ", ".join(candidates)
                self.refuse(f"the rule returns {what} for the operands {named}", hint, source, found.node)
            still = set()
        if still is None:
            self.refuse("the rule returns nothing", "return an adjoint for each operand", source)
        return tuple(n for n in candidates if n in still)


def _listed(names: Iterable[str]) -> str:
    return f"({', '.join(names)})"
