"""The gradient of NumPy code by rewriting its source: readable, reviewable, shippable."""

from tangent_like.api import (
    DerivativeFunction,
    check_grads,
    custom_jvp,
    custom_vjp,
    explain,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    rule,
    stop_gradient,
    value_and_grad,
    vjp,
)
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
    "custom_jvp",
    "custom_vjp",
    "explain",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "rule",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
