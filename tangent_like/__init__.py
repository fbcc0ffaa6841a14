"""The gradient of NumPy code by rewriting its source: readable, reviewable, shippable.

Names are imported when they are asked for: ``import tangent_like`` alone costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tangent_like.api import (
        DerivativeFunction,
        check_grads,
        check_reversible,
        check_rule,
        checkpoint,
        checkpointed,
        custom_jvp,
        custom_vjp,
        fixed_point,
        grad,
        grad_of,
        hessian,
        hvp,
        jacfwd,
        jacobian,
        jacrev,
        jvp,
        linear_solve,
        minimize,
        numeric,
        odeint,
        reversible,
        root,
        rule,
        stop_gradient,
        value_and_grad,
        vjp,
        vmap,
    )
    from tangent_like.api.diagnose import diagnose
    from tangent_like.api.explain import explain
    from tangent_like.errors import (
        AliasError,
        DifferentiationError,
        NoRuleError,
        RequestError,
        ResultError,
        RuleError,
        SourceError,
        UnsupportedError,
    )
    from tangent_like.runtime.expectations import expectation, smoothed

__version__ = "0.1.0"

__all__ = [
    "AliasError",
    "DerivativeFunction",
    "DifferentiationError",
    "NoRuleError",
    "RequestError",
    "ResultError",
    "RuleError",
    "SourceError",
    "UnsupportedError",
    "check_grads",
    "check_reversible",
    "check_rule",
    "checkpoint",
    "checkpointed",
    "custom_jvp",
    "custom_vjp",
    "diagnose",
    "expectation",
    "explain",
    "fixed_point",
    "grad",
    "grad_of",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linear_solve",
    "minimize",
    "numeric",
    "odeint",
    "reversible",
    "root",
    "rule",
    "smoothed",
    "stop_gradient",
    "value_and_grad",
    "vjp",
    "vmap",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "errors" if name.endswith("Error") else "api"
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
