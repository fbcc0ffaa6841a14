"""Whole numbers of few bits, as images and recordings have them, beside floating-point numbers: in those nothing wraps."""

import numpy as np

from case import Case, takes, vec

PIXELS = np.array([200, 100, 50, 255], np.uint8)
SOUND = np.array([30000, -20000, 12345, -32768], np.int16)
COUNTS = np.array([70000, 50000, -3, 46341], np.int32)


def correlated(x):
    return np.sum(x[1:] * SOUND[1:] * SOUND[:-1]) + np.sum(COUNTS * x * COUNTS)


def subtracted(x, image):
    return np.sum(1.0 - x * image) + np.sum(image - x * image)


def over(x, image):
    return np.sum(image / x) - np.sum((image / (x * image)) ** 2)


def added_twice(x, image):
    return np.sum(x * image) + np.sum(x * image) - (x * image) @ image


def powers(x, image):
    return np.sum(image * x**2) + np.sum(-(image**2) * x) + np.sum(x * (2 * image)) * np.einsum("i,i,i->", x, image, image)


def chosen(x, image):
    return np.sum(np.where(image > 60, x * image * image, -(x * image)))


def entries(x, image, gain):
    s = 0.0
    for i in range(len(x)):
        s -= x[i] * image[i] * gain
        s = s + gain * x[i] ** 2 - image[i] / x[i]
    return s


def in_place(x, image):
    y = np.zeros(4)
    y[:] = x
    y *= image
    y[1:] -= x[:3] * image[1:] * image[:3]
    y += image * -x
    return np.sum(y * image)


def integrated(x, image):
    return np.trapezoid(image, x)


def single(x, image):
    return np.sum(x * image * image) - np.sum(image / x)


def half_arguments(seed):
    x, image = arguments(seed)
    return x, image.astype(np.float16)


def of_a_root(x, image):
    return np.sum(np.sqrt(image) * x * 1e4)


def three_precisions(x, image):
    single = image.astype(np.float32)
    y = (image - single * 300.0) * x
    return np.sum(np.where(image > 60, y * image * image, single * single * x)) + (image @ x - 1.0) ** 2


def arguments(seed):
    x = np.random.default_rng(seed).uniform(0.5, 1.5, 4)
    return x, PIXELS.copy()


def single_arguments(seed):
    x, image = arguments(seed)
    return x.astype(np.float32), image


def three(seed):
    x, image = arguments(seed)
    return x, image, np.int8(100)


CASES = [
    Case(correlated, takes(vec(4))),
    Case(subtracted, arguments),
    Case(over, arguments),
    Case(added_twice, arguments),
    Case(powers, arguments),
    Case(chosen, arguments),
    Case(entries, three),
    Case(in_place, arguments),
    Case(single, single_arguments),
    *[
        Case(f, half_arguments, name=f"{f.__name__}_of_half")
        for f in (subtracted, over, added_twice, powers, chosen, in_place)
    ],
    Case(of_a_root, arguments),
    Case(three_precisions, half_arguments),
    Case(integrated, arguments, expect="refused"),
]
