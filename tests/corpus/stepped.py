"""Methods that step their arguments on and hand them back, as simulations do."""

import numpy as np

from case import Case, num, takes


class Leapfrog:
    def __init__(self, pull, friction):
        self.pull, self.friction = pull, friction
        self.seen = []

    def step(self, place, speed, dt):
        speed = speed - dt * (self.pull * np.sin(place) + self.friction * speed)
        place = place + dt * speed
        self.seen.append(place)
        return place, speed

    def until(self, place, speed, dt):
        for _ in range(3):
            if place > 1.5:
                return place, speed
            place, speed = self.step(place, speed, dt)
        return place, speed


def stepped_by_a_method(pull, friction, place):
    track, speed = Leapfrog(pull, friction), 0.0
    for _ in range(6):
        place, speed = track.step(place, speed, 0.1)
    return np.sum(np.array(track.seen) ** 2) + speed


def stepped_and_read_between(pull, friction, place):
    track, speed, total = Leapfrog(pull, friction), 0.1, 0.0
    for _ in range(5):
        new, speed = track.step(place, speed, 0.1)
        total += (new - place) ** 2
        place = new
    return total * place


def stepped_until(pull, friction, place):
    track, speed = Leapfrog(pull, friction), 1.0
    for _ in range(3):
        place, speed = track.until(place, speed, 0.1)
    return place * speed


def stepped_crosswise(pull, friction, place):
    track, speed = Leapfrog(pull, friction), 0.3
    for _ in range(4):
        speed, place = track.step(place, speed, 0.1)
    return place * speed


CASES = [
    Case(stepped_by_a_method, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(stepped_and_read_between, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(stepped_until, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(stepped_crosswise, takes(num(), num(), num()), wrt=(0, 1, 2)),
]
