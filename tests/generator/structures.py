"""Containers and objects at random: made, read, written, shared, taken apart, gone through, handed to functions.

What is in a container is in `env` under the text that reaches it (`d['w']`, `model.scale`): every other
statement and expression takes it for a variable like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.jumps import Jumps
from generator.program import TAME, ClassText, Function, Held, Line, N, Type

FLOATS = Held("many", ((-1, "float"), (0, "float")))
ROWS = Held("many", ((-1, (N,)), (0, (N,))))


class Structures(Jumps):
    classes: list[ClassText]
    pool: list[Held]
    local: list[Function]
    returns_held = False

    # - names

    def bind(self, name: str, kind: Type) -> None:
        self.env[name] = kind
        if isinstance(kind, Held):
            for text, item, writable in kind.parts(name):
                self.env[text] = item
                if not writable:
                    self.fixed.add(text)
                    self.sealed.add(text)

    def wholes(self, *forms: str) -> list[tuple[str, Held]]:
        """The containers there are, of these forms."""
        return [(n, k) for n, k in self.env.items() if isinstance(k, Held) and (not forms or k.form in forms)]

    def alike(self) -> list[tuple[str, Held]]:
        """Those that hold one type of items, numbers, arrays or functions."""
        return [(n, k) for n, k in self.wholes() if not k.cls and k.item is not None and not isinstance(k.item, Held)]

    # - expressions

    def display(self, kind: Held) -> str:
        items = [(key, self.item(item)) for key, item in kind.items]
        if kind.form == "many":
            return self.listed(kind)
        if kind.cls:
            return f"{kind.cls}({', '.join(f'{k}={v}' if self.chance(0.5) or i else v for i, (k, v) in enumerate(items))})"
        if kind.form == "dict":
            if self.chance(0.2):
                return f"dict({', '.join(f'{k}={v}' for k, v in items)})"
            return f"{{{', '.join(f'{k!r}: {v}' for k, v in items)}}}"
        inner = ", ".join(v for _, v in items)
        return f"[{inner}]" if kind.form == "list" else f"({inner}{',' if len(items) == 1 else ''})"

    def item(self, kind: Type) -> str:
        """A value to put into a container."""
        if kind == "float":
            text = self.scalar(2)
            return f"math.sin({text})" if self.in_loop else text
        if kind == "fn":
            return self.function_value()
        if isinstance(kind, Held):
            same = self.names(kind)
            return str(self.pick(same)) if same and self.profile not in TAME and self.chance(0.5) else self.display(kind)
        assert isinstance(kind, tuple)
        names = self.names(kind)
        if names and self.profile not in TAME and self.chance(0.5):
            return str(self.pick(names))  # the array itself, in two places now
        return f"np.sin({self.array(kind, 1)})" if self.in_loop else f"{self.array(kind, 1)} * 1.0"

    def listed(self, kind: Held) -> str:
        """A list whose length may be known, or not."""
        if kind == ROWS:
            a = self.array((N,), 1)
            options = [
                lambda: f"[{a} * {self.number()}, {self.array((N,), 0)} + {self.number()}]",
                lambda: f"[{a} * (i + {self.number()}) for i in range(3)]",
                lambda: f"[{a} * {self.number()}] * 2" if self.profile not in TAME else f"[{a} + 0.5]",
            ]
            if self.names((3, N)) and self.profile not in TAME:
                options.append(lambda: f"[row for row in {self.pick(self.names((3, N)))}]")
            return str(self.pick(options)())
        x = self.array((N,), 0)
        options = [
            lambda: f"[{self.item('float')}, {self.item('float')}]",
            lambda: f"[e * {self.number()} for e in {x}]",
            lambda: f"[math.sin(e + {self.atom(1)}) for e in {x}]",
            lambda: f"[{self.number()} * (i + 1) * {self.atom(1)} for i in range(3)]",
            lambda: f"[{self.item('float')}] + [e for e in {x} if e > {self.number()}]",
            lambda: f"[u * v for u, v in zip({x}, {self.array((N,), 0)})]",
            lambda: f"({x}).tolist()",
            lambda: f"[{self.item('float')}] * 3",
        ]
        return str(self.pick(options)())

    def function_value(self) -> str:
        known = [f.name for f in [*self.local, *self.helpers] if [k for _, k in f.parameters] == ["float"] and f.kind == "float"]
        options: list[Callable[[], str]] = [lambda: str(self.pick(["math.sin", "math.tanh", "math.cos"])), self.lambda_]
        if known:
            options += [lambda: str(self.pick(known))] * 2
        if self.names("float"):
            options.append(lambda: f"functools.partial(math.hypot, {self.pick(self.names('float'))})")
        return str(self.pick(options)())

    def lambda_(self) -> str:
        u = f"u{self.depth}"
        before = dict(self.env)
        self.env[u] = "float"
        text = f"math.sin({self.scalar(1)}) + {u} * {self.number()}"
        self.env = before
        kept = [n for n in self.names("float") if n.isidentifier()]
        if kept and self.chance(0.25):
            return f"lambda {u}, q=1.5 * {self.pick(kept)}: {text} * q"
        return f"lambda {u}: {text}"

    def structured_scalars(self, depth: int) -> list[Callable[[], str]]:
        sub = lambda: self.scalar(depth - 1)
        options: list[Callable[[], str]] = []
        many = [n for n, k in self.wholes() if k == FLOATS]
        rows = [n for n, k in self.wholes() if k == ROWS]
        if many:
            name = self.pick(many)
            options += [
                lambda: f"sum({name})",
                lambda: f"0.1 * len({name})",
                lambda: f"{self.pick(['max', 'min'])}({name})",
                lambda: f"np.sum(np.array({name}) * {self.number()})",
                lambda: f"sum(e * e for e in {name})",
                lambda: f"sum([e * {self.number()} for e in {name} if e > {self.number()}])",
                lambda: f"{name}[len({name}) // 2]",
                lambda: f"functools.reduce(lambda p, q: math.sin(p + q), {name}, {self.number()})",
            ]
        if rows:
            name = self.pick(rows)
            options += [lambda: f"sum(np.sum(r * r) for r in {name})", lambda: f"np.sum(np.stack({name}))"]
        if self.names((N,)):
            x, y = self.pick(self.names((N,))), self.pick(self.names((N,)))
            options += [
                lambda: f"sum(math.sin(e) for e in {x} if e > {self.number()})",
                lambda: f"sum(e * u for e, u in zip({x}, {y}))",
                lambda: f"max(abs(e) for e in {x})",
                lambda: f"sum(map(math.sin, {x}))",
            ]
        if self.names("fn"):
            options += [lambda: f"{self.pick(self.names('fn'))}({sub()})"] * 3
        inner = [f for f in self.local if all(p == "float" or self.names(p) for _, p in f.parameters)]
        if inner:
            options += [lambda: self.call(self.pick(inner))] * 3
        tables = [(n, k) for n, k in self.wholes("dict") if k.item == "float"]
        if tables:
            name = self.pick(tables)[0]
            options += [
                lambda: f"sum({name}.values())", lambda: f"{name}.get('a', {sub()})", lambda: f"{name}.get('missing', {sub()})",
                lambda: f"sum(v * v for v in {name}.values())",
            ]
        starred = [f for f in self.helpers if f.parameters and f.parameters[0][1] == "star"]
        if starred:
            options += [lambda: self.star_call(self.pick(starred))] * 2
        methods = self.methods(lambda m: m.kind == "float" and not m.writes)
        if methods:
            options += [lambda: self.method_call(*self.pick(methods))] * 4
        return options

    def star_call(self, f: Function) -> str:
        tuples = [n for n, k in self.wholes("tuple", "list", "many") if k.item == "float"]
        dicts = [n for n, k in self.wholes("dict") if k.item == "float"]
        args = [self.scalar(1) for _ in range(int(self.rng.integers(0, 3)))]
        if tuples and self.chance(0.4):
            args.append(f"*{self.pick(tuples)}")
        if dicts and self.chance(0.4):
            args.append(f"**{self.pick(dicts)}")
        elif self.chance(0.5):
            args.append(f"key={self.scalar(1)}")
        return f"{f.name}({', '.join(args)})"

    def methods(self, wanted: Callable[[Function], bool]) -> list[tuple[str, Function]]:
        found = []
        for name, kind in self.wholes():
            for m in next((c.methods for c in self.classes if c.name == kind.cls), []):
                if wanted(m) and all(p == "float" or self.names(p) for _, p in m.parameters[1:]):
                    found.append((name, m))
        return found

    def method_call(self, name: str, m: Function) -> str:
        if "property" in m.marks:
            return f"{name}.{m.name}"
        args = ", ".join(self.scalar(1) if p == "float" else str(self.pick(self.names(p))) for _, p in m.parameters[1:])
        if m.name == "__call__":
            return f"{name}({args})"
        if m.name == "__mul__":
            return f"({name} * {args if args.isidentifier() else f'({args})'})"
        return f"{name}.{m.name}({args})"

    # - statements

    def structured(self) -> list[Line]:
        options: list[tuple[int, Callable[[], list[Line]]]] = [
            (6, self.hold), (3, self.take_apart), (4, self.go_through), (3, self.change_list), (3, self.change_dict),
            (2, self.nested_def), (1, self.table), (3, self.call_method), (2, self.copied), (1, self.array_of),
            (3, self.call_with_held),
        ]  # fmt: skip
        if self.profile not in TAME:
            options += [(3, self.other_name), (2, self.other_name_by_path)]
        total = sum(weight for weight, _ in options)
        at = int(self.rng.integers(total))
        for weight, make in options:
            at -= weight
            if at < 0:
                return make()
        raise AssertionError

    def hold(self) -> list[Line]:
        kind = self.pick(self.pool)
        text = self.display(kind)
        name = self.target(kind)
        self.bind(name, kind)
        return [Line(f"{name} = {text}")]

    def other_name(self) -> list[Line]:
        if not self.wholes():
            return self.hold()
        old, kind = self.pick(self.wholes())
        name = self.target(kind)
        self.bind(name, kind)
        return [Line(f"{name} = {old}")]

    def other_name_by_path(self) -> list[Line]:
        if not self.wholes():
            return self.hold()
        old, kind = self.pick(self.wholes())
        other = self.pick(self.names(kind)) if self.chance(0.5) else self.display(kind)
        condition = self.condition()
        name = self.target(kind)
        self.bind(name, kind)
        return [Line(f"{name} = {old} if {condition} else {other}")]

    def copied(self) -> list[Line]:
        if not self.wholes():
            return self.hold()
        old, kind = self.pick(self.wholes())
        key, item = self.pick(list(kind.items))
        value = self.item(item)
        texts = {
            "dict": [f"dict({old})", f"{old}.copy()", f"{{**{old}, {key!r}: {value}}}", f"{old} | {{{key!r}: {value}}}"],
            "list": [f"list({old})", f"{old}[:]", f"{old}.copy()"],
            "many": [f"list({old})", f"{old}[:]", f"{old} + {old}[:1]", f"{old}[::-1]", f"sorted({old})", f"{old}[1:] + [{value}]"],
            "tuple": [f"tuple({old})", f"tuple(v for v in {old})"],
            "named": [f"{old}._replace({key}={value})"],
            "frozen": [f"dataclasses.replace({old}, {key}={value})"],
            "data": [f"dataclasses.replace({old}, {key}={value})", f"copy.copy({old})"],
            "object": [f"copy.copy({old})"],
        }[kind.form]  # fmt: skip
        if kind == ROWS:
            texts = [t for t in texts if "sorted" not in t]
        if self.profile in TAME and any(not isinstance(i, str) for _, i in kind.items):
            return self.hold()  # a copy shares what it holds
        text = str(self.pick(texts))
        name = self.target(kind)
        self.bind(name, kind)
        return [Line(f"{name} = {text}")]

    def take_apart(self) -> list[Line]:
        options = self.wholes("tuple", "list", "named")
        if not options or (self.profile in TAME and self.depth):
            return self.hold()
        old, kind = self.pick(options)
        texts, bound = self.targets(kind)
        if self.profile in TAME and any(not isinstance(k, str) for k in bound.values()):
            return self.hold()
        for name, item in bound.items():
            self.bind(name, item)
        return [Line(f"{texts} = {old}")]

    def targets(self, kind: Held) -> tuple[str, dict[str, Type]]:
        """Names for all that is in it, nested."""
        texts, bound = [], {}
        for _, item in kind.items:
            if isinstance(item, Held) and item.form in ("tuple", "list", "named") and self.chance(0.6):
                text, inner = self.targets(item)
                texts.append(f"({text})")
                bound.update(inner)
            else:
                name = self.fresh(item)
                texts.append(name)
                bound[name] = item
        if kind.form == "list" and len(texts) > 2 and self.chance(0.2) and all(t.isidentifier() for t in texts):
            bound.pop(texts.pop())
            bound.pop(texts.pop())
            texts.append(f"*{self.fresh('float')}")
        return ", ".join(texts) + ("," if len(texts) == 1 else ""), bound

    def go_through(self) -> list[Line]:
        """A loop over what is in containers."""
        self.in_loop += 1
        lines = self.go_through_itself()
        self.in_loop -= 1
        return lines

    def go_through_itself(self) -> list[Line]:
        found = self.alike()
        if not found or self.depth > 1:
            return self.hold()
        old, kind = self.pick(found)
        self.count += 1
        k = self.count
        e, u, i = f"{self.prefix}e{k}", f"{self.prefix}w{k}", f"{self.prefix}t{k}"
        item = kind.item
        assert item is not None
        before = []
        if kind.form == "dict":
            key = f"{self.prefix}key{k}"
            place = f"{old}[{key}]"
            header, bound = self.pick([
                (f"for {key}, {e} in {old}.items():", {e: item, place: item}), (f"for {key} in {old}:", {place: item}),
                (f"for {e} in {old}.values():", {e: item}),
                (f"for {i}, ({key}, {e}) in enumerate({old}.items()):", {e: item, place: item, i: "int"}),
            ])  # fmt: skip
        else:
            options: list[tuple[str, dict[str, Type]]] = [
                (f"for {e} in {old}:", {e: item}), (f"for {i}, {e} in enumerate({old}):", {e: item, i: "int"}),
                (f"for {e} in reversed({old}):", {e: item}), (f"for {i} in range(len({old})):", {f"{old}[{i}]": item}),
            ]  # fmt: skip
            if self.names((N,)):
                x = self.pick(self.names((N,)))
                options += [
                    (f"for {e}, {u} in zip({old}, {x}):", {e: item, u: "float"}),
                    (f"for {i}, ({e}, {u}) in enumerate(zip({old}, {x})):", {e: item, u: "float", i: "int"}),
                ]
            header, bound = self.pick(options)
        outer, self.skip, frozen = self.skip, "continue", self.frozen
        fixed = {e, u, i}
        if self.profile in TAME and not isinstance(item, str):
            self.frozen = frozen | {n for n in bound if n.isidentifier()} | {n for n in self.env if n.startswith(old)}
        if self.profile in TAME:
            fixed |= {old, *(n for n in self.env if n.startswith(old))}
        places = {n: item for n, item in bound.items() if not n.isidentifier()}
        body = self.inner(self.length(), bound, fixed - set(places))
        if places and kind.writable and item == "float" and self.chance(0.6):
            body.append(Line(f"{next(iter(places))} = math.sin({self.atom(1)})"))
        self.skip, self.frozen = outer, frozen
        return [*before, Line("", [(header, body)])]

    def change_list(self) -> list[Line]:
        many = [(n, k) for n, k in self.wholes("many") if n not in self.frozen and n not in self.fixed]
        if not many:
            return self.hold()
        name, kind = self.pick(many)
        value = lambda: self.item(kind.item)  # type: ignore[arg-type]
        self.writes = True
        options: list[Callable[[], list[Line]]] = [
            lambda: [Line(f"{name}.append({value()})")],
            lambda: [Line(f"{name}.append({value()})")],
            lambda: [Line("", [("for _ in range(2):", [Line(f"{name}.append({value()})")])])],
            lambda: [Line(f"{name}.insert(0, {value()})")],
            lambda: [Line(f"{name}.extend([{value()}, {value()}])")],
            lambda: [Line(f"{name} += [{value()}]")],
            lambda: [Line(f"{name}.reverse()")],
            lambda: [Line("", [(f"if len({name}) > 1:", [Line(f"{name}.pop()")])])],
            lambda: [Line(f"{name} = {name}[1:] + {name}[:1]")] if name.isidentifier() else self.hold(),
            lambda: [Line("", [(f"if {self.condition()}:", [Line(f"{name}.append({value()})")])])],
        ]
        if kind == FLOATS:
            s = self.fresh("float")
            options += [
                lambda: [Line("", [(f"for e in {self.array((N,), 0)}:", [Line(f"{name}.append(math.sin(e))")])])],
                lambda: [Line("", [(f"for i in range(len({name})):", [Line(f"{name}[i] = math.sin({name}[i] + {self.atom(1)})")])])],
                lambda: [Line("", [(f"while len({name}) > 2:", [Line(f"{name}[0] += {name}.pop()")])])],
                lambda: [Line(f"{s} = {name}.pop() if len({name}) > 1 else {name}[0]")],
            ]
        return self.pick(options)()  # type: ignore[no-any-return]

    def change_dict(self) -> list[Line]:
        dicts = self.wholes("dict", "data", "object")
        if not dicts:
            return self.hold()
        name, kind = self.pick(dicts)
        key, item = self.pick(list(kind.items))
        value = self.item(item)
        self.writes = True
        if kind.form != "dict":
            return [Line(self.pick([f"{name}.{key} = {value}", f"setattr({name}, {key!r}, {value})"]))]
        return [Line(self.pick([f"{name}[{key!r}] = {value}", f"{name}.update({key}={value})", f"{name}.update({{{key!r}: {value}}})"]))]

    def array_of(self) -> list[Line]:
        """A list made an array, under its own name or another."""
        many = [n for n in self.names(FLOATS) if n.isidentifier()]
        if not many:
            return self.hold()
        old = self.pick(many)
        s = self.target("float")
        self.env[s] = "float"
        return [Line(f"{s} = math.sin(float(np.sum(np.asarray({old}) ** 2)))")]

    def nested_def(self) -> list[Line]:
        """A function inside, which reads what is around it, and perhaps writes it."""
        if self.prefix.endswith("g") or self.depth > 1:
            return self.hold()
        self.count += 1
        name = f"{self.prefix}g{self.count}"
        maker = self.sub("g")
        u = f"{maker.prefix}u{self.count}"
        maker.env = {**self.env, u: "float"}
        maker.fixed = set(self.env)
        maker.frozen = set() if self.profile not in TAME else {n for n, k in self.env.items() if not isinstance(k, str)}
        maker.sealed, maker.local = set(self.sealed), list(self.local)
        maker.pool = [k for k in self.pool if not k.cls] or [FLOATS]
        head = []
        own = [n for n in self.names("float") if n.isidentifier() and n not in self.fixed]
        if own and self.chance(0.35):
            outer = self.pick(own)
            maker.fixed.discard(outer)
            head = [Line(f"nonlocal {outer}"), Line(f"{outer} = math.sin({outer} + {u})")]
        body = [*head, *maker.block(int(self.rng.integers(0, 3))), Line(f"return math.sin({maker.scalar(1)}) + {u} * {self.number()}")]
        self.local.append(Function(name, [(u, "float")], [], "", False, "float"))
        return [Line("", [(f"def {name}({u}):", body)])]

    def sub(self, prefix: str) -> Any:
        raise NotImplementedError

    def table(self) -> list[Line]:
        kind = Held("list", ((0, "fn"), (1, "fn"))) if self.chance(0.5) else Held("dict", (("f", "fn"), ("g", "fn")))
        text = self.display(kind)
        name = self.target(kind)
        self.bind(name, kind)
        return [Line(f"{name} = {text}")]

    def call_method(self) -> list[Line]:
        found = self.methods(lambda m: m.writes or m.kind != "float")
        if not found:
            return self.hold()
        name, m = self.pick(found)
        text = self.method_call(name, m)
        self.writes = True
        if m.kind == "none":
            return [Line(text)]
        target = self.target(m.kind)
        self.bind(target, m.kind)
        return [Line(f"{target} = {text}")]

    def call_with_held(self) -> list[Line]:
        found = [
            f for f in self.helpers
            if any(isinstance(p, Held) for _, p in f.parameters) and all(p == "float" or self.names(p) for _, p in f.parameters)
        ]  # fmt: skip
        if not found:
            return self.hold()
        f = self.pick(found)
        text = self.call(f)
        self.writes = True
        if self.chance(0.3) and f.writes:
            return [Line(text)]
        target = self.target(f.kind)
        self.bind(target, f.kind)
        if f.kind == "float" and self.in_loop:
            text = f"math.sin({text})"
        return [Line(f"{target} = {text}")]
