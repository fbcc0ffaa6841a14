"""What a user calls."""

from tangent_like.api import numeric
from tangent_like.api.check import check_grads
from tangent_like.api.check_rules import check_rule
from tangent_like.api.derivative import DerivativeFunction
from tangent_like.api.diagnose import diagnose
from tangent_like.api.explain import explain
from tangent_like.api.gradients import grad, value_and_grad
from tangent_like.api.inverses import check_reversible
from tangent_like.api.jacobians import hessian, hvp, jacfwd, jacobian, jacrev
from tangent_like.api.mapped import vmap
from tangent_like.api.products import jvp, vjp
from tangent_like.api.rules import custom_jvp, custom_vjp, rule
from tangent_like.api.solutions import minimize
from tangent_like.api.surgery import grad_of
from tangent_like.runtime import (
    checkpoint,
    checkpointed,
    fixed_point,
    linear_solve,
    odeint,
    reversible,
    root,
    stop_gradient,
)
from tangent_like.runtime.expectations import expectation, smoothed

__all__ = [
    "DerivativeFunction",
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
