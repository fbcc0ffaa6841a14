"""Random programs whose only verdicts are right and refused: see `__main__`."""

from generator.judging import judge, programs, smaller
from generator.maker import make
from generator.program import PROFILES

__all__ = ["PROFILES", "judge", "make", "programs", "smaller"]
