"""Functions that call themselves, of lists and of functions: sorting, splitting, quadrature, a fold."""

import math

from case import Case, listed, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)

NUMBERS = [1.3, 0.2, 2.1, 0.9, 1.7, 0.5]


def quick(x):
    if len(x) <= 1:
        return x
    p = x[len(x) // 2]
    smaller = [v for v in x if v < p]
    equal = [v for v in x if v == p]
    larger = [v for v in x if v > p]
    return quick(smaller) + equal + quick(larger)


@case(NUMBERS)
def quicksort(xs):
    total = 0.0
    for i, v in enumerate(quick(xs)):
        total += (i + 1) * v * v
    return total


@case(vec(5))
def quicksort_of_an_array(x):
    return sum((i + 1) * v for i, v in enumerate(quick(list(x)))) ** 2


def quick_by_the_first(x):
    if not x:
        return []
    p = x[0]
    rest = x[1:]
    return quick_by_the_first([v for v in rest if v < p]) + [p] + quick_by_the_first([v for v in rest if v >= p])


@case(vec(5))
def middle(x):
    s = quick_by_the_first([math.sin(v) for v in x])
    return s[len(s) // 2] ** 2 * s[0]


def merged(a, b):
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def merge_sorted(x):
    if len(x) < 2:
        return x
    m = len(x) // 2
    return merged(merge_sorted(x[:m]), merge_sorted(x[m:]))


@case(NUMBERS)
def merge_sort(xs):
    return sum(v / (i + 1) for i, v in enumerate(merge_sorted(xs)))


def extended(left, right):
    result = []
    i, j = 0, 0
    while i < len(left) and j < len(right):
        if left[i] < right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    result.extend(left[i:])
    result.extend(right[j:])
    return result


def merge_sorted_by_names(x):
    if len(x) <= 1:
        return x
    middle_ = len(x) // 2
    left = merge_sorted_by_names(x[:middle_])
    right = merge_sorted_by_names(x[middle_:])
    return extended(left, right)


@case(NUMBERS)
def merge_sort_by_names(xs):
    s = merge_sorted_by_names(xs)
    total = 0.0
    for i in range(len(s) - 1):
        total += (s[i + 1] - s[i]) ** 2 * i
    return total


def orders(x):
    if len(x) <= 1:
        return [x]
    out = []
    for i in range(len(x)):
        for p in orders(x[:i] + x[i + 1 :]):
            out.append([x[i]] + p)
    return out


@case([1.3, 0.2, 2.1])
def over_orders(xs):
    return sum(p[0] * p[1] ** 2 for p in orders(xs))


def halved(x, n):
    if n == 0:
        return x
    return halved([0.5 * v + x[0] for v in x], n - 1)


@case(NUMBERS, whole(0, 4))
def turns_by_recursion(xs, n):
    return sum(v * v for v in halved(xs, n))


def haar(x):
    if len(x) == 1:
        return x
    s = [(x[2 * i] + x[2 * i + 1]) / math.sqrt(2) for i in range(len(x) // 2)]
    d = [(x[2 * i] - x[2 * i + 1]) / math.sqrt(2) for i in range(len(x) // 2)]
    return haar(s) + d


@case([1.3, 0.2, 2.1, 0.9])
def wavelets(xs):
    return sum(abs(c) ** 3 for c in haar(xs))


def flat(rows):
    if not rows:
        return []
    return rows[0] + flat(rows[1:])


@case([[1.0, 2.0], [0.5, 0.3], [0.1]])
def flattened(rows):
    return sum((k + 1) * v * v for k, v in enumerate(flat(rows)))


def in_chunks(x, n):
    if len(x) <= n:
        return [x]
    return [x[:n]] + in_chunks(x[n:], n)


@case(NUMBERS, whole(1, 4))
def over_chunks(xs, n):
    return sum(sum(c) ** 2 for c in in_chunks(xs, n))


def running(x):
    if len(x) == 1:
        return x[:]
    found = running(x[:-1])
    found.append(found[-1] + x[-1])
    return found


@case(NUMBERS)
def running_sums(xs):
    return sum(s * s for s in running(xs))


def lowered(x, t):
    if len(x) == 1:
        return x[0]
    return lowered([(1 - t) * p + t * q for p, q in zip(x[:-1], x[1:])], t)


@case(NUMBERS, num(), wrt=(0, 1))
def bezier(xs, t):
    return lowered(xs, t)


def horner(c, t):
    if len(c) == 1:
        return c[0]
    return c[0] + t * horner(c[1:], t)


@case(NUMBERS, num(), wrt=(0, 1))
def horner_of_a_list(cs, t):
    return horner(cs, t)


def by_halves(c, t):
    if len(c) == 1:
        return c[0]
    return by_halves(c[0::2], t * t) + t * by_halves(c[1::2], t * t)


@case([1.3, 0.2, 2.1, 0.9], num(), wrt=(0, 1))
def polynomial_by_halves(cs, t):
    return by_halves(cs, t)


# -- functions that are given functions ---------------------------------------------------------------


def simpson(f, a, b):
    return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))


@case(num(0.2), num(0.5), wrt=(0, 1))
def adaptive_inside(a, b):
    def f(t):
        return math.exp(-a * t) * math.sin(3 * b * t)

    def inner(lo, hi, whole_, eps):
        m = (lo + hi) / 2
        left = simpson(f, lo, m)
        right = simpson(f, m, hi)
        if abs(left + right - whole_) < 15 * eps:
            return left + right + (left + right - whole_) / 15
        return inner(lo, m, left, eps / 2) + inner(m, hi, right, eps / 2)

    return inner(0.0, b, simpson(f, 0.0, b), 1e-5)


def adapted(f, a, b, eps, whole_, depth):
    c = (a + b) / 2
    left = simpson(f, a, c)
    right = simpson(f, c, b)
    if depth == 0 or abs(left + right - whole_) <= 15 * eps:
        return left + right + (left + right - whole_) / 15
    return adapted(f, a, c, eps / 2, left, depth - 1) + adapted(f, c, b, eps / 2, right, depth - 1)


@case(num(0.2), num(0.5), wrt=(0, 1))
def adaptive(a, b):
    f = lambda t: math.exp(-a * t * t)  # noqa: E731
    return adapted(f, 0.0, b, 1e-6, simpson(f, 0.0, b), 20)


def bump(t):
    return math.sin(t) / (1 + t * t)


@case(num(0.2), num(0.5), wrt=(0, 1))
def adaptive_of_two(a, b):
    return adapted(bump, a, b, 1e-6, simpson(bump, a, b), 20) + adapted(math.exp, a, b, 1e-6, 0.0, 6)


def three_times(f):
    def inner(n):
        return 0.0 if n == 0 else f(n * 0.1) + inner(n - 1)

    return inner(3)


@case(num())
def inside_of_two(a):
    return a * three_times(math.sin) + a * a * three_times(math.exp)


def mapped(f, x):
    if not x:
        return []
    return [f(x[0])] + mapped(f, x[1:])


@case(NUMBERS, num(), wrt=(0, 1))
def map_by_recursion(xs, a):
    return sum(y * y for y in mapped(lambda v: v * a, xs))


def kept(p, x):
    if not x:
        return []
    rest = kept(p, x[1:])
    return [x[0]] + rest if p(x[0]) else rest


@case(NUMBERS, 0.7)
def filter_by_recursion(xs, a):
    return sum(v * v for v in kept(lambda v: v > a, xs))


def fold(f, total, x):
    if len(x) == 0:
        return total
    return fold(f, f(total, x[0]), x[1:])


@case(vec(4), num(), wrt=(0, 1))
def folded(x, a):
    return fold(lambda t, v: t * a + v * v, 0.0, x)


def newton(f, df, x, n):
    if n == 0:
        return x
    return newton(f, df, x - f(x) / df(x), n - 1)


@case(num(0.5), whole(0, 4))
def newton_by_recursion(a, n):
    return newton(lambda t: t * t * t - a, lambda t: 3 * t * t, 1.0, n)


def up(f, a, n):
    return a if n == 0 else f(up(f, a * 1.5, n - 1))


@case(num(0.1), num(0.1), wrt=(0, 1))
def parameters_of_one_name(a, t):
    f = lambda v: v * a + t  # noqa: E731
    g = lambda a: f(a) * t  # noqa: E731
    return up(f, t, 2) + up(g, a, 3)


def gathered(v, n, passed=()):
    if n == 0:
        return sum(passed)
    return gathered(v * 0.5, n - 1, passed + (v * n,))


@case(num(0.1), expect="refused")
def passed_on_and_longer(x):
    return gathered(x, 4)


def evens(x, n):
    return [x[0]] if n == 0 else odds(x, n - 1) + [x[n] * 2.0]


def odds(x, n):
    return [x[1]] if n == 0 else evens(x, n - 1) + [x[n] * 3.0]


@case(vec(4), expect="either")
def joined_by_two_that_call_each_other(x):
    return sum(u * u for u in evens(x, 3))
