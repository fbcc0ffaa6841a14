"""More pieces for ``typed_programs.py``: memory that is written under several names, matrices, objects that hold arrays."""

from __future__ import annotations

# "m" is a matrix of three by three, "P" one of the program's own; "h" a dict of two arrays; "{+O}" is a new name
# for what is bound there.
WRITTEN = {
    "s": """
        {M}[{i}, {i}] | np.trace({m}) | np.sum({m}) | {V} @ {m} @ {V} | {m}[{i}] @ {v} | sum(e[0] for e in {M}) | first({v})
        Grid({v})[{i}] | Grid({v}).total() | State({v}, {s}).energy() | dataclasses.replace(State({v}, {s}), s={s}).energy()
        {H}['p'][{i}] | sum(np.sum(z) for z in {H}.values()) | [{s}, (t := {s}), t * t][{i}] | np.max({m}) | np.linalg.norm({m} + 2.0)
        ({s} if {s} < {s} < 1.0 else {s}) | float(np.mean({m})) | {M}.T[{i}][{i}] | np.ravel({m})[4] | {M}.diagonal()[{i}]
        total_of({v}, {v}) | total_of(*{r}, {v}) | total_of(*{r}[:2], scale={s}) | forwarded(chosen, {s}, {s}) | forwarded(scaled, {s}, by={s})
        functools.reduce(lambda p, q: p + q @ {V}, {r}, {s}) | twice_of(lambda u: u * {s})({s}) | Tank({s}).level | sum(np.dot(e, {V}) for e in {m})
        deepest([{s}, [{s}, {s}]]) | chain([{s}, {s}, {s}]) | min([Tank({s}), Tank({s})], key=lambda u: u.level).level
    """,
    "v": """
        {M}[{i}] | {M}[:, {i}] | {m} @ {v} | {v} @ {m} | np.diag({m}) | {m}.sum(axis=0) | {m}.mean(axis=1) | {H}['p'] | {h}['q']
        {m}.reshape(-1)[2:5] | np.array([z @ {V} for z in {M}]) | State({v}, {s}).moved({s}).v | Grid({v}).values | {m}[[0, 1, 2], [2, 0, {i}]]
        np.max({m}, axis=0) | {m}[{M} > 0.3][:1] + {V} | kept({v}) | {v} + np.float64({s}) | chosen_row({m}, {b})
    """,
    "m": """
        {M} | {M} | {M} | {m} * {s} | {m} + {v} | {m} @ {m} | {m}.T | np.outer({v}, {v}) | np.array([{v}, {v}, {v}]) | np.stack({r}) | {m} * {m}
        {v}[:, None] * {v} | np.vstack([{M}[:1], {M}[1:]]) | np.where({m} > 0.1, {m}, {s}) | {m}[::-1] | {M}.copy() | np.tanh({m}) | np.eye(3) * {s}
        np.array({r}) | np.full((3, 3), {s}) | np.array([[{e} * {c} for {e} in {V}] for {c} in {l}]) | ({m} if {b} else {m}) | {M}[[2, 0, 1]]
    """,
    "h": """
        {H} | {H} | {{'p': {v} * 1.0, 'q': {v} + 0.1}} | {{n: z * {s} for n, z in {H}.items()}} | dict(p={v} * 1.0, q=np.zeros(3) + {s})
    """,
    "r": "[z * 1.0 for z in {m}] | list({m}) | [{M}[{k}] * {s} for {k} in range(3)]",
    "l": "[z[0] for z in {r}] | {m}[{i}].tolist() | [z @ {V} for z in {m}] | [float(z) for z in {v}]",
    "t": "spread({v}) | (lambda u: (u, u * {s}))({s}) | ({V}[0], {M}[1, 1])",
    "b": "np.any({m} > 0.5) | {s} < {s} < {s} | {M}[0, 0] > {s}",
    "i": "np.argmin({v}) | int({M}[0, 0] > 0.0)",
}
WRITES = """
    {=m} | {=m} | {=h} | {=h} | {+O} = {O} | {+O} = {O}[::-1] | {+O} = {O}[:] | {+O} = {O}.reshape(3) | {+O} = np.asarray({O}) | {+O} = {O}.view() | {+O} = {O}[...]
    {+O} = {P}[{i}] | {+O} = {P}[:, {i}] | {+O} = {P}.T[{i}] | {+O} = {P}.reshape(-1)[3:6] | {+O} = {P}.ravel()[::3] | {+P} = {P}.T | {+P} = {P}[::-1]
    {+P} = {P} | {+P} = {P}[:, ::-1] | {+O} = np.empty(3);;{+O}[:] = {v} | {+O} = np.zeros(3);;for {k} in range(3):>>{+O}[{k}] = {s}
    {+P} = np.zeros((3, 3));;for {k} in range(3):>>{+P}[{k}] = {v} | {+P} = np.empty((3, 3));;for {k}, {e} in enumerate({r}):>>{+P}[{k}, :] = {e}
    {+P} = np.zeros((3, 3));;for {k} in range(3):>>for {e} in range({k} + 1):>>{+P}[{k}, {e}] = {s}
    {+O} = kept({O}) | {+O} = chosen_row({P}, {b}) | {+O} = {H}['p'] | {+O} = {R}[{i}] * 1.0 | {+O} = {O} if {b} else {O} | {+O} = {O} if {b} else {O}.copy()
    {+O} = np.zeros_like({V});;{+O} += {v} | {+O} = scaled_in({O}, {s}) | {+P} = 1.0 * {m};;{+P}[{i}] = {+P}[{i}] * {s}
    for {e} in {P}:>>{e} *= {s} | for {e} in {P}:>>{e}[{i}] = {s} | for {e} in {P}.T:>>{e} += {v} | for {e}, {c} in zip({P}, {r}):>>{e} += {c}
    for {e} in [{O}, {O}]:>>{e} *= {s} | for {e} in ({O}, {O}):>>{e}[{i}] += {s} | for {e} in {P}:>>{e}[:] = {e}[::-1] * {s} | for {k}, {e} in enumerate({P}):>>{e}[{k}] += {s}
    {P}[{i}][{i}] = {s} | {P}[{i}, {i}] += {s} | {P}[:, {i}] = {v} | {P}[{i}] *= {s} | {P}[{P} > 0.2] = {s} | {P}[[0, 1], [1, 2]] += {s} | {P}[{P} < 0.0] *= {s}
    np.add.at({P}, ([0, 0], [1, 1]), {s}) | {P} += {v} | {P} *= {P} | {P}[1:] -= {P}[:-1] | {P}[:2, :2] = {P}[1:, 1:] | {P}[[0, 2]] = {P}[[2, 0]] | {P} -= {P}.T
    {P}[{i}], {P}[{i}] = {P}[{i}], {P}[{i}] | {P}[0], {P}[1] = {P}[1].copy(), {P}[0].copy() | np.copyto({O}, {v}) | np.copyto({P}, {v}) | np.fill_diagonal({P}, {s})
    np.add({P}, {v}, out={P}) | np.sin({O}, out={O}) | np.cumsum({v}, out={O}) | {P}.T[{i}] = {v} | {O}[:, None][{i}] = {s} | {O}.reshape(-1)[{i}] += {s} | {P}.sort(axis=0)
    np.dot({M}, {v}, out={O}) | np.multiply({O}[1:], {s}, out={O}[1:]) | {O}[1:], {O}[:-1] = {O}[:-1], {O}[1:] | {O}[:2], {O}[2] = {O}[1:], {s} | {O}[{b} + 0] = {s}
    np.maximum({O}, {v}, out={O}) | {O}[np.argsort({V})] = {v} | {O}[np.array([True, False, True])] += {s} | {O}[[1, 1, 0]] = {v} | {O}[[1, 1, 0]] += {v} | {P}[:, [0, 1]] *= {s}
    {R}[{i}] += {v} | {R}[{i}] *= {s} | {R}[{i}][{i}] = {s} | {R}[{i}][:] = {v} | {R}[{i}] = {O} | {R}[0] = {R}[1] | for {e} in {R}:>>{e} += {v} | for {e} in {R}:>>{e}[{i}] *= {s}
    {+O} = max([{O}, {O}], key=np.sum) | {+O} = list({R})[{i}] | {+O} = sorted([{O}, {O}], key=lambda u: u[0])[0] | {+O} = next(iter([{O}, {O}])) | {+O} = ([{O}, {O}] + [{O}])[{i}]
    {+O} = (lambda u: u)({O}) | {+O} = functools.reduce(lambda p, q: p, [{O}, {O}]) | {+O} = [{O}, {O}][::-1][{b} + 0] | {+O} = next(z for z in [{O}, {O}] if z[0] > {s} or True)
    {+O} = dict(p={O}, q={O})['q'] | {+O} = {{'p': {O}}}.get('p', {O}) | {+O} = ({O} if {b} else {P}[0]) | {+O} = [z for z in {P}][{i}] | {+O} = list({P})[{i}] | {+O} = list(zip({P}, {P}.T))[{i}][1]
    {+O} = list(map(kept, [{O}, {O}]))[{i}] | {+O}, _ = sorted([{O}, {O}], key=np.sum) | {+O} = ({O} or {O}) if {b} else {O} | {+O}, *_ = {P} | {+O} = collections.deque([{O}, {O}])[0] | {+O} = [*{P}, {O}][{i}]
    {R}.append({O});;{R}.pop(0) | {R}[0], {R}[1] = {R}[1], {R}[0] | for {k} in range(len({R})):>>{R}[{k}][{i}] += {s} | {R}.reverse() | {R}[:2] = [{v}, {v}]
    {H}['p'][{i}] = {s} | {H}['p'] += {v} | {H}['q'] = {v} * 1.0 | {H}['q'] = {O} | {H}['q'] = {H}['p'] | for {k} in {H}:>>{H}[{k}] *= {s} | for {k}, {e} in {H}.items():>>{e} += {v}
    for {e} in {H}.values():>>{e}[0] = {s} | for {k} in ('p', 'q'):>>{H}[{k}] = {H}[{k}] - {s} * {V} | {H}.update(p={v} * 1.0) | {O} = {H=}.pop('q');;{H=}['q'] = {v} * 1.0
    mixed({O}, {O}) | mixed({P}[{i}], {O}) | mixed({P}[0], {P}[1]) | mixed({P}[:, 0], {P}[0]) | relaxed({P}, {s}) | relaxed({P}.T, {s}) | summed({O}, {v}) | summed({P}[{i}], {v}) | swapped({P}, 0, {i})
    filled({P}[{i}], {s}) | filled({P}.T[{i}], {s}) | filled({R}[{i}], {s}) | filled({H}['p'], {s}) | {S} = scaled_in({O}, {s})[{i}] | {O}[:] = kept({O}) * {s} | raised({O}, {i}, {s})
    low, high = {O=}[:2], {O=}[1:];;low += {s};;high *= low | low, high = {O=}[:2], {O=}[1:];;high[:] = low * {s};;{S} = low[0] + high[1]
    row = {P=}[{i}];;row[:] = row * {s};;{S} = row[{i}] + {P=}[{i}, {i}] | col = {P=}[:, {i}];;row = {P=}[{i}];;row += col;;{S} = col[0] * row[1]
    flat = {P=}.reshape(9);;flat[{i}::2] *= {s};;{S} = {P=}[1, 1] * flat[4] | part = {P=}[1:, 1:];;part[0][{i}] = {s};;part[:, {i}] += part[{i}];;{S} = np.sum({P=} * part[0, 0])
    column = {O=}[:, None];;column *= {s};;{S} = np.sum(column * {O=}) | held = {O=};;{O=} = {O=} + {s};;held[{i}] = {s};;{S} = held @ {O=}
    pair_of = [{O}, {O}];;pair_of[0][{i}] = {s};;{S} = pair_of[1] @ pair_of[0] | pair_of = ({O}, {v});;pair_of[0][:] *= {s};;{S} = pair_of[0] @ pair_of[1]
    old = {O=}.copy();;{O=}[:] = {v};;{S} = old @ {O=} | old = {O};;new = np.zeros(3);;for {k} in range(3):>>new[:] = old * {s};;old, new = new, old<<{S} = np.sum(old) + new[{i}]
    old, new = {O}, 1.0 * {v};;for {k} in range(2):>>new = old * {s};;old = new<<{S} = np.sum(old) | if {b}:>>target = {O}<<else:>>target = {O}<<target[{i}] = {s};;{S} = np.sum(target)
    if ({S} := {s}) > 0.1:>>... | while (t := abs({S=})) > 0.8:>>{S=} *= 0.6;;... | {k} = 0;;while {k} < 3:>>{k} += 1;;if {b}:>>break<<...<<else:>>...
    {k} = 0;;while {k} < 4:>>{k} += 1;;if {b}:>>continue<<... | while True:>>...;;{S=} = {S=} * 0.6;;if abs({S=}) < 1.0: break | if {b}:>>if {b}:>>return {s}<<...
    for {k} in range(3):>>for {e} in range(3):>>if {b}:>>break<<{P}[{k}, {e}] += {s}<<else:>>... | for {k} in range(3):>>if {b}:>>if {b}:>>return {s}<<continue<<...
    def inner(u):>>nonlocal {S=};;{S=} = {S=} * u;;return {S=}<<{S} = inner({s}) + inner({s}) | def inner(u):>>{O=}[{i}] += u;;return {O=} * u<<{S} = np.sum(inner({s})) * inner({s})[0]
    def inner(u):>>{R=}[0][{i}] = u;;{D}['p'] = u * {s}<<inner({s});;inner({s}) | def inner(u, n):>>{O=}[n] *= u;;return u if n == 0 else inner(u * 0.9, n - 1)<<{S} = inner({s}, 2)
    queue = collections.deque({l});;queue.append({s});;{S} = queue.popleft() * queue[-1] | queue = collections.deque([{v}, {v}], maxlen=2);;for {e} in {r}:>>queue.append({e});;{S} += queue[0] @ {V}
    queue = collections.deque([{s}, {s}]);;while queue:>>t = queue.popleft();;{S} += t * {s};;if t > 0.5 and len(queue) < 3:>>queue.append(t * 0.5) | first_one, *others = {l};;{S} = first_one * sum(others)
    *others, last = {r};;{S} = last @ others[0] | (first_one, *_), last = {r}[0], {s};;{S} = first_one * last | for {k}, (p, q) in enumerate(zip({l}, {V})):>>{S} += p * q * {k}
    stack = [{s}];;while stack:>>t = stack.pop();;{S} += t;;if t > 0.4:>>stack.extend([t * 0.4, t - 0.5]) | {L}[{i}], {L}[{i}] = {L}[{i}], {L}[{i}] | {L} += [{s}];;{L}.pop(0)
    grid = Grid({v});;grid[{i}] = {s};;grid[{i}] += {s};;{S} = grid[0] * len(grid) + sum(grid) | grid = Grid({O=});;grid.values[{i}] = {s};;grid *= {s};;{S} = grid.total() * {O=}[0]
    state = State({v} * 1.0, {s});;state.step({s});;state.step({s});;{S} = state.energy() | state = State({O=}, {s});;state.step({s});;{S} = state.energy() + {O=}[{i}]
    state = State({v} * 1.0, {s});;other_one = dataclasses.replace(state, s={s});;other_one.v[{i}] = {s};;{S} = state.energy() * other_one.s | state = State({O=}, {s});;state.v = state.v * {s};;state.v[{i}] = {s};;{S} = np.sum(state.v) * {O=}[{i}]
    state = copy.copy(State({O=}, {s}));;state.v[{i}] = {s};;{S} = state.s * {O=}[{i}] | state = copy.deepcopy(State({O=}, {s}));;state.v[{i}] = {s};;{S} = state.s * {O=}[{i}] * state.v[{i}]
    state = State(1.0 * {v}, {s});;for {k} in range(2):>>state.step({s});;if state.s > 0.5:>>state.s *= 0.5<<{S} = state.energy() | states = [State(z * 1.0, {s}) for z in {r}];;for st in states:>>st.step({s})<<{S} = sum(st.energy() for st in states)
    tank = Tank({s});;tank.level = {s};;tank.level += {s};;{S} = tank.level * tank.filled | tank = Tank({s});;tanks = [tank, Tank({s}), tank];;for tk in tanks:>>tk.level *= {s}<<{S} = tanks[0].level + tanks[1].level
    deep = Deep(1.0 * {v}, {s});;deep.step({s});;{S} = deep.energy() | deep = Deep({O=}, {s});;deep.step({s});;deep.v[{i}] *= {s};;{S} = deep.energy() * {O=}[{i}] | table_of = {{'p': [{s}, {s}], 'q': [{s}]}};;table_of['p'][0] *= {s};;table_of['q'].append({s});;{S} = sum(map(sum, table_of.values()))
    nest = [[{s}, {s}], [{s}, {s}]];;nest[{i}][0] = {s};;nest[0], nest[1] = nest[1], nest[0];;{S} = sum(u * z for u, z in nest) | nest = [{O=}, [{s}, {O=}]];;nest[1][1][{i}] = {s};;{S} = np.sum(nest[0]) * nest[1][0]
"""
WRITE_HELPERS = '''
import collections, copy

class Grid:
    def __init__(self, values):
        self.values = values
    def __getitem__(self, k):
        return self.values[k]
    def __setitem__(self, k, z):
        self.values[k] = z
    def __len__(self):
        return len(self.values)
    def __iter__(self):
        return iter(self.values)
    def __imul__(self, z):
        self.values *= z
        return self
    def total(self):
        return np.sum(self.values)

@dataclasses.dataclass
class State:
    v: np.ndarray
    s: float
    def step(self, h):
        self.v += h * self.s
        self.s = self.s - h * self.v[0]
    def energy(self):
        return self.s * np.sum(self.v * self.v)
    def moved(self, h):
        return State(self.v + h, self.s * h)

class Deep(State):
    def step(self, h):
        super().step(h * 0.5)
        self.v[1:] *= self.s
    def energy(self):
        return super().energy() + self.v[2]

class Tank:
    filled = 0.5
    def __init__(self, level):
        self._level = level
    @property
    def level(self):
        return self._level * 2.0
    @level.setter
    def level(self, z):
        self._level = z * 0.5
        self.filled = self.filled + z

def first(v):
    head, *_ = v
    return head

def kept(v):
    return v

def chosen_row(m, c):
    if c:
        return m[0]
    return m[1]

def scaled_in(v, s):
    v *= s
    return v

def relaxed(m, s):
    for i in range(1, 3):
        m[i] += s * m[i - 1]

def summed(v, u):
    total = 0.0
    for i in range(len(v)):
        total += u[i]
        v[i] = v[i] * total

def swapped(m, i, j):
    m[[i, j]] = m[[j, i]]

def total_of(*vs, scale=1.0):
    out = 0.0
    for v in vs:
        out = out + scale * np.sum(v * v)
    return out

def forwarded(g, *args, **kwargs):
    return g(*args, **kwargs) * 1.1

def twice_of(g):
    def composed(u):
        return g(g(u))
    return composed

def spread(v):
    return np.max(v), np.min(v)

def deepest(z):
    if isinstance(z, list):
        return sum(deepest(u) for u in z)
    return z * z

def chain(items):
    if not items:
        return 0.5
    head, *rest = items
    return head * chain(rest) + 0.1
'''
