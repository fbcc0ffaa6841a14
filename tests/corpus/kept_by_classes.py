"""What classes of public programs do: private names, objects in texts, an object for each item of an argument."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


class _Named:
    def __init__(self, width):
        self.__width = width
        self.shape = (3, 2)

    def area(self):
        return self.__width**2

    def __str__(self):
        return f"Named(width={self.__width:.3f})"


class Private(_Named):
    __scale = 3.0

    def __init__(self, w, width):
        super().__init__(width)
        self.__width = w * 2.0

    def __row(self, x):
        __t = self.__width * x
        return np.sum(__t)

    @staticmethod
    def __bent(z):
        return np.tanh(z) * Private.__scale

    def at(self, x):
        def inner(y):
            return self.__bent(y)

        return inner(self.__row(x)) + self.area()


def names_of_a_class(x, w, a):
    return Private(w, a).at(x)


class Told:
    def __init__(self, a):
        self.kernel = _Named(a)
        self.parts = [self.kernel, _Named(a * a)]

    def tell(self, n):
        print("shape %s, %d parts" % (str(self.parts[0].shape), len(self.parts)))
        print(f"{n}: {self.kernel} and {self.parts[1]!s:>20}")
        print(self.parts[-1], self.kernel.area() > 1.0)
        return "kernel {} of {}".format(self.kernel, n)


def objects_in_texts(a, n):
    told = Told(a)
    kept = {"kernel": str(told.kernel), "area": told.kernel.area()}
    words = told.tell(n)
    if n > 1:
        assert len(words) > 3, "no words for %s" % told.kernel
    return kept["area"] * a + told.parts[1].area()


class Link:
    def __init__(self, sizes):
        self.sizes = sizes

    def frame(self):
        c, s = math.cos(self.sizes[0]), math.sin(self.sizes[0])
        return np.array([[c, -s, self.sizes[1] * c], [s, c, self.sizes[1] * s], [0, 0, 1]])


class Arm:
    def __init__(self, rows):
        self.links = []
        for i in range(len(rows)):
            self.links.append(Link(rows[i]))

    def turn(self, angles):
        for i in range(len(self.links)):
            self.links[i].sizes[0] += angles[i]

    def end(self):
        frame = np.identity(3)
        for link in self.links:
            frame = np.dot(frame, link.frame())
        return [frame[0, 2], frame[1, 2]]


def an_object_for_each_row(rows, goal):
    arm = Arm(rows)
    for _ in range(2):
        missing = np.array(goal) - arm.end()
        arm.turn([0.1 * missing[0], 0.2 * missing[1]])
    x, y = list(np.array(arm.end()) - goal)
    return x * x + 2.0 * y


class Mass:
    def __init__(self, m, x):
        self.m, self.x, self.force = m, x, 0.0


def masses_that_pull(ms, xs):
    bodies = [Mass(m, x) for m, x in zip(ms, xs)]
    for one in bodies:
        for other in bodies:
            if one is not other:
                d = other.x - one.x
                one.force += one.m * other.m / (d * d + 0.1)
    return sum(b.force * b.x for b in bodies)


class Fitted:
    def __init__(self, s):
        self.s = s

    def fit(self, x, n):
        self.c = x * 2.0 if n > 0 else x + self.s
        if n > 0:
            self.m = [np.sum(x), self.s]
        if n > 1:
            self.z = self.c * self.s
        return self

    def out(self, n):
        r = np.sum(self.c)
        if n > 0:
            r = r + self.m[0] * self.m[1]
        if n > 1:
            r += np.sum(self.z**2)
        return r


def attributes_of_some_paths(x, s, n):
    return Fitted(s).fit(x, n).out(n)


def attribute_that_is_asked_for(x, s, n):
    one = Fitted(s).fit(x, n)
    return np.sum(one.z) if hasattr(one, "z") else one.out(n)


class Walk:
    def __init__(self):
        self.steps = None

    def set(self, steps):
        self.steps = steps

    def go(self, a):
        if self.steps is None:
            print("no steps")
            return
        self.done = []
        for i in range(len(self.steps)):
            u, v = self.steps[i]
            self.done.append([u * a, v])


def set_before_it_goes(steps, a):
    walk = Walk()
    walk.set(steps)
    walk.go(a)
    return sum(p[0] + 2.0 * p[1] * p[0] for p in walk.done)


def stable_sum(terms):
    top = np.max(terms)
    return top + np.log(np.exp(terms - top).sum())


def differences_of_lists(x, q):
    p = [x[0], x[1] * 2.0, 1.5]
    away = np.sum((q - p) ** 2) + np.sum(p * q) + np.sum(q / p)
    return away + stable_sum([e * e for e in x]) + np.sum((p > q) * p)


def tuples_beside_arrays(x, a):
    p = (x[0], x[1])
    rows = [[x[0], x[1]], [1.0, x[2]]]
    return np.sum(a @ p) + np.sum(a * rows) + np.sum(p @ a)


def lists_added_in_place(x):
    q = x.copy()
    q -= [x[1], 2.0 * x[0], 0.0]
    q[1:3] *= [2.0, x[0]]
    return np.sum(q**2)


def list_of_arrays_less_their_mean(x):
    p = [x, 2.0 * x]
    return np.sum((p - np.mean(x)) ** 3) + np.sum(p / np.array([[1.0], [2.0]]))


def bound_in_a_try_before_a_break(x, n):
    before = -1.0
    s = 0.0
    for k in range(4):
        try:
            s = s + np.sum(np.sin(x)) * k
            if k > n:
                break
            before = s * before
        except ZeroDivisionError:
            return -1.0
    return s + before


def rows(count):
    return lambda draw: [[float(draw.rng.normal()), float(draw.rng.uniform(0.5, 1.5))] for _ in range(count)]


def floats(count):
    return lambda draw: [float(v) for v in draw.rng.normal(size=count)]


CASES = [
    Case(names_of_a_class, takes(vec(3), vec(3), num()), wrt=(0, 1, 2)),
    Case(objects_in_texts, takes(num(), whole(0, 3)), seeds=4),
    Case(an_object_for_each_row, takes(rows(2), floats(2)), wrt=(0, 1)),
    Case(masses_that_pull, takes(floats(3), floats(3)), wrt=(0, 1)),
    Case(masses_that_pull, takes(floats(70), floats(70)), wrt=(0, 1), name="many_masses_that_pull"),
    Case(attributes_of_some_paths, takes(vec(3), num(), whole(0, 3)), wrt=(0, 1), seeds=6),
    Case(attribute_that_is_asked_for, takes(vec(3), num(), whole(0, 3)), expect="refused", seeds=6),
    Case(set_before_it_goes, takes(rows(3), num()), wrt=(0, 1)),
    Case(differences_of_lists, takes(vec(3), vec(3)), wrt=(0, 1)),
    Case(tuples_beside_arrays, takes(vec(3), mat(2, 2)), wrt=(0, 1)),
    Case(lists_added_in_place, takes(vec(3))),
    Case(list_of_arrays_less_their_mean, takes(vec(3))),
    Case(bound_in_a_try_before_a_break, takes(vec(3), whole(0, 4)), seeds=5),
]
