"""Solvers of SciPy, called so that what they depend on is an argument: ``f(x, *args)``."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.solutions import as_start, like_start, size_of


def bracketed_root(g, a, *args, b, method="brentq", **options):
    """Return ``x`` between ``a`` and ``b`` with ``g(x, *args) = 0``, by ``scipy.optimize.brentq`` or its like."""
    from scipy import optimize

    return getattr(optimize, method)(g, a, b, args, **options)


def newton_root(g, x0, *args, fprime=None, fprime2=None, **options):
    """Return ``x`` with ``g(x, *args) = 0`` near ``x0``, by ``scipy.optimize.newton``; the secant without a slope."""
    from scipy import optimize

    x = optimize.newton(g, x0, fprime, args, fprime2=fprime2, **options)
    return x if np.ndim(x0) else float(x)


def scipy_root_scalar(g, near, *args, **options):
    """Return ``x`` with ``g(x, *args) = 0``, by ``scipy.optimize.root_scalar``; a number, as ``near`` is."""
    from scipy import optimize

    found = optimize.root_scalar(g, args, **options)
    if not found.converged:
        raise ArithmeticError(f"root_scalar: {found.flag}")
    return near + float(found.root)


def scipy_root(g, x0, *args, asked="x", **options):
    """Return ``x`` with ``g(x, *args) = 0`` near ``x0``, by ``scipy.optimize.root``; or ``asked`` for "success", that.

    What SciPy does not call a success is one where nothing is left of ``g``; what it calls one by least squares is
    none where much is left.
    """
    from scipy import optimize

    x0 = as_start(x0)
    found = optimize.root(g, x0, args, **options)
    if asked == "success":
        return np.full_like(x0, found.success)
    left, much = size_of(found.fun), 1 + size_of(g(x0, *args))
    if not left <= 1e-8 * much and not (found.success and (options.get("method") != "lm" or left <= 1e-4 * much)):
        raise ArithmeticError(f"root: {found.message}")
    return like_start(found.x, x0)


def scipy_fsolve(g, x0, *args, asked="x", **options):
    """Return ``x`` with ``g(x, *args) = 0`` near ``x0``, by ``scipy.optimize.fsolve``; or its "flag"."""
    from scipy import optimize

    x0 = as_start(x0)
    x, info, flag, message = optimize.fsolve(g, x0, args, full_output=True, **options)
    if asked == "flag":
        return np.full_like(x0, flag)
    if flag != 1 and not size_of(info["fvec"]) <= 1e-8 * (1 + size_of(g(x0, *args))):
        raise ArithmeticError(f"fsolve: {message}")
    return like_start(x, x0)


def accelerated_fixed_point(f, x0, *args, **options):
    """Return ``x`` with ``x = f(x, *args)`` near ``x0``, by ``scipy.optimize.fixed_point``."""
    from scipy import optimize

    x = optimize.fixed_point(f, x0, args, **options)
    return x if np.ndim(x0) else float(x)


def scipy_minimize(loss, x0, *args, slope, asked="x", **options):
    """Return ``x`` where ``loss(x, *args)`` is least near ``x0``, by ``scipy.optimize.minimize``; or as ``scipy_root``.

    What SciPy does not call a success is one where nothing is left of the gradient ``slope(x, *args)``.
    """
    from scipy import optimize

    if np.asarray(x0).dtype in (np.float16, np.float32):  # some methods stay with that, others do not
        raise ValueError("minimize: begin in double precision: x0.astype(float)")
    found = optimize.minimize(loss, x0, args, **options)
    if asked == "success":
        return np.full_like(x0, found.success)
    if not found.success:
        left, much = slope(found.x, *args), size_of(slope(x0, *args))
        if options.get("bounds") is not None:  # of the slope what the bounds do not hold
            left = found.x - np.clip(found.x - left, *both_ends(options["bounds"]))
        if not size_of(left) <= 1e-5 * (1 + much):
            raise ArithmeticError(f"minimize: {found.message}")
    return like_start(found.x, x0)


def both_ends(bounds):
    """Return the lower and the upper bounds, given as SciPy takes them: ``Bounds``, or pairs with None in them."""
    if hasattr(bounds, "lb"):
        return bounds.lb, bounds.ub
    low, high = np.array(bounds, float).T
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def scipy_minimize_scalar(loss, near, *args, **options):
    """Return the number where ``loss(x, *args)`` is least, by ``scipy.optimize.minimize_scalar``; as ``near`` is."""
    from scipy import optimize

    found = optimize.minimize_scalar(loss, args=args, **options)
    if not found.success:
        raise ArithmeticError(f"minimize_scalar: {found.message}")
    return near + float(found.x)


def scipy_least_squares(f, x0, *args, asked="x", **options):
    """Return ``x`` where the squares of ``f(x, *args)`` are least, by ``scipy.optimize.least_squares``."""
    from scipy import optimize

    found = optimize.least_squares(f, x0, args=args, **options)
    if asked == "success":
        return np.full_like(x0, found.success)
    if not found.success:
        raise ArithmeticError(f"least_squares: {found.message}")
    return like_start(found.x, x0)


def scipy_leastsq(f, x0, *args, **options):
    """Return ``x`` where the sum of the squares of ``f(x, *args)`` is least, by ``scipy.optimize.leastsq``."""
    from scipy import optimize

    x, _, _, message, flag = optimize.leastsq(f, x0, args, full_output=True, **options)
    if flag not in (1, 2, 3, 4):
        raise ArithmeticError(f"leastsq: {message}")
    return like_start(x, x0)


def span_integral(f, limits, *args, **options):
    """Return the lower limit, and the integral of ``f(t, *args)`` between the two, by SciPy's ``quad``."""
    from scipy import integrate

    return np.array([limits[0], integrate.quad(f, limits[0], limits[1], args, **options)[0]])


def unit_integral(f, like, *args, **options):
    """Return the integral of ``f(t, *args)`` for ``t`` from 0 to 1, of the shape of ``like``, by SciPy's ``quad``."""
    return integral(f, 0.0, 1.0, np.ndim(like) > 0, args, options)


def half_integral(f, like, *args, **options):
    """Return the integral of ``f(t, *args)`` for ``t`` from 0 on, of the shape of ``like``."""
    return integral(f, 0.0, np.inf, np.ndim(like) > 0, args, options)


def line_integral(f, like, *args, **options):
    """Return the integral of ``f(t, *args)`` for every ``t``, of the shape of ``like``."""
    return integral(f, -np.inf, np.inf, np.ndim(like) > 0, args, options)


def integral(f, low, high, is_array, args, options):
    """Return the integral of ``f(t, *args)`` between two limits; of arrays by ``quad_vec``."""
    from scipy import integrate

    if is_array:
        found = integrate.quad_vec(lambda t: f(t, *args), low, high, epsabs=1e-11, epsrel=1e-10)
        return np.asarray(found[0])
    return float(integrate.quad(f, low, high, args, **options)[0])


def trajectory(f, start, *args, solver="odeint", jac=None, **options):
    """Return the rows that SciPy's ``odeint`` or ``solve_ivp`` finds: states, each with its time behind it.

    ``start`` has a row for each time, the first of which is where the state begins; the state moves by ``f`` of it
    with the time behind it. ``options`` are SciPy's. An ``ArithmeticError`` where it does not get to the end. With
    ``dense="many"``, or "one", the rows are read from SciPy's ``dense_output``, of an array or of a number.
    """
    from scipy import integrate

    n = np.shape(start)[1] - 1
    times = start[:, n].copy()
    if solver == "odeint":
        if jac is not None:
            options["Dfun"] = of_time(jac, n, args)
        longest = options.pop("max_step", np.inf)
        if longest < np.inf:
            options["hmax"] = longest
        y, info = integrate.odeint(of_time(f, n, args), start[0, :n], times, tfirst=True, full_output=True, **options)
        if info["message"] not in ("Integration successful.", "Nothing was done; the integration time was 0."):
            raise ArithmeticError(f"odeint: {info['message']}")
        return np.column_stack([y, times])
    if dense := options.pop("dense", ""):
        found = solved_ivp(f, start, args, jac, dense_output=True, **options)
        return rows_of_states(start[0], times, found.sol(times[1])[:, None] if dense == "one" else found.sol(times[1:]))
    found = solved_ivp(f, start, args, jac, t_eval=times[1:], **options)
    return rows_of_states(start[0], times, found.y)


def stepped(f, start, *args, asked="steps", jac=None, **options):
    """Return the rows that SciPy's ``solve_ivp`` chooses, the first of which is where it starts, as ``trajectory``.

    ``asked`` is "steps" for those of its steps, the number of an event for those of that event, and "times" for those
    of the times of ``start`` that an event does not cut off; else ``start`` has two rows, for both ends.
    """
    n = np.shape(start)[1] - 1
    times = start[1:, n] if asked == "times" else None
    found = solved_ivp(f, start, args, jac, t_eval=times, **options)
    if asked == "steps":
        return rows_of_states(start[0], found.t, found.y[:, 1:])
    t, y = (found.t, found.y) if asked == "times" else (found.t_events[asked], np.transpose(found.y_events[asked]))
    return rows_of_states(start[0], np.concatenate([start[:1, n], t]), np.reshape(y, (n, len(t))))


def solved_ivp(f, start, args, jac, end=None, marks="", **options):
    """Return what ``solve_ivp`` finds; ``marks``: of each event its direction, and ``!`` where it is terminal."""
    from scipy import integrate

    n = np.shape(start)[1] - 1
    if jac is not None:
        options["jac"] = of_time(jac, n, args)
    events = [of_time(options.pop(f"event{k}"), n, args) for k in range(len(marks.split()))]
    for event, mark in zip(events, marks.split(), strict=True):
        event.terminal, event.direction = mark.endswith("!"), float(mark.rstrip("!"))
    span = (start[0, n], start[-1, n] if end is None else end)
    found = integrate.solve_ivp(of_time(f, n, args), span, start[0, :n], events=events or None, **options)
    if not found.success:
        raise ArithmeticError(f"solve_ivp: {found.message}")
    return found


def of_time(f, n, args):
    """Return ``f`` of a state with the time behind it as SciPy calls it."""

    def g(t, y):
        z = np.empty(n + 1)
        z[:n] = y
        z[n] = t
        return f(z, *args)

    return g


def rows_of_states(first, times, y):
    """Return a row for each time: of the first one ``first``, of the others the columns of ``y``."""
    n = len(first) - 1
    rows = np.empty((len(times), n + 1), order="F" if y.flags.c_contiguous else "C")  # a copy lies as SciPy's
    rows[0, :n] = first[:n]
    rows[1:, :n] = y.T
    rows[:, n] = times
    return rows


def known_least(loss, x, *args):
    """Return ``x``, where ``loss(x, *args)`` is least already."""
    del loss, args
    return x * 1.0


def known_root(g, x, *args):
    """Return ``x``, which is a root of ``g(x, *args)`` already."""
    del g, args
    return x * 1.0


def flow(f, z, *args):
    """Return the vector that ``z`` is after one unit of time, if it moves by ``f(z, *args)``: by SciPy's LSODA.

    To ten digits. An ``ArithmeticError`` where it does not get there.
    """
    from scipy import integrate

    found, info = integrate.odeint(
        lambda z, _: f(z, *args), z, [0.0, 1.0], rtol=1e-10, atol=1e-12, mxstep=100_000, full_output=True
    )
    if info["message"] != "Integration successful.":
        raise ArithmeticError(f"flow: {info['message']}")
    return found[-1].astype(np.result_type(z, 0.0))


def stiff_flow(f, z, *args, method="radau"):
    """Return the vector that ``z`` is after one unit of time, if it moves by ``f(z, *args)``: by an implicit method.

    To nine digits. An ``ArithmeticError`` where it does not get there.
    """
    found = implicit(lambda _, z: f(z, *args), (0.0, 1.0), z, method, False)
    return found.y[:, -1].astype(np.result_type(z, 0.0))


def stiff_flow_back(f, w, *args, known):
    """Return ``w`` after one unit of time back, if it moves by ``f(w, *args)``, whose first ``known`` entries run back.

    Those begin where the way forward begins: they are solved forward, and the others along them. So the state is never
    solved backward, where what is stiff explodes.
    """
    rest = np.zeros(len(w) - known)
    there = implicit(lambda _, z: -f(np.concatenate([z, rest]), *args)[:known], (0.0, 1.0), w[:known], "radau", True)
    back = implicit(
        lambda s, v: f(np.concatenate([there.sol(1.0 - s), v]), *args)[known:], (0.0, 1.0), w[known:], "radau", False
    )
    return np.concatenate([w[:known], back.y[:, -1]])


def implicit(f, span, z, method, dense):
    """Return what SciPy's ``solve_ivp`` finds by "radau" or "bdf"."""
    from scipy import integrate

    name = {"radau": "Radau", "bdf": "BDF"}[method]
    found = integrate.solve_ivp(f, span, z, method=name, rtol=1e-9, atol=1e-11, dense_output=dense)
    if not found.success:
        raise ArithmeticError(f"odeint: {found.message}")
    return found


def came_back(end, start):
    """Return ``end``, whose first entries must be ``start`` again; an ``ArithmeticError`` if they are not."""
    off = np.max(np.abs(end[: len(start)] - start), initial=0.0)
    if not off <= 1e-5 * (1.0 + np.max(np.abs(start), initial=0.0)):
        raise ArithmeticError(
            f"the way back of a differential equation misses where it began by {off:.1e}: it is stiff; use tl.odeint "
            "with adjoint='discrete', or with adjoint='continuous' and method='radau'"
        )
    return end
