"""Checks of calls, which the message repeats; and of predictions, whose right values the message keeps to itself.

A cause is named only where a single one fits: of several calls, one that explains them all.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch

from course_utils.checks.causes import likely_cause
from course_utils.checks.errors import CheckError
from course_utils.checks.plain_values import identical, plain, show
from course_utils.checks.values import check_close, check_equal, check_raises


def check_call(
    function: Callable[..., Any], *args: Any, gives: Any, likely: Mapping[str, Any] | None = None, **kwargs: Any
) -> None:
    """Check that ``function(*args, **kwargs)`` gives the right value, or raises the right error, and keeps its lists.

    >>> from course_utils.checks import check_call
    >>> check_call(max, 3, 5, gives=5)  # right: nothing is said
    >>> check_call(len, [1, 2, 3], gives=2, likely={"the first one does not count": 3})
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: len([1, 2, 3]) is not right.
      came:     3
      expected: 2
      likely cause: the first one does not count
    >>> check_call(int, "three", gives=ValueError)
    >>> check_call(int, "", gives=0)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: int('') raised ValueError: invalid literal for int() with base 10: ''
      expected: 0

    Args:
        gives: the right value, as in `check_equal`, or in `check_close` if it is a tensor or a float; or the class of
            the error that the call has to raise.
        likely: as in `check_equal`, also for a call that should raise: a mistake in words -> the value it gives.

    Raises:
        CheckError: another value came, or another error, or the call changed a list that it was given.
    """
    call = _call(function, args, kwargs)
    before = copy.deepcopy([given for given in args if type(given) is list])
    if isinstance(gives, type) and issubclass(gives, Exception):
        _check_error(function, args, kwargs, gives, likely or {})
        return
    try:
        value = function(*args, **kwargs)
    except CheckError:
        raise  # something blocked was called: the message says so
    except Exception as error:
        raise CheckError(f"{call} raised {type(error).__name__}: {error}\n  expected: {_shown(gives)}") from None
    check = check_close if isinstance(gives, (float, torch.Tensor)) else check_equal
    check(value, gives, call, likely=likely)
    for was, now in zip(before, [given for given in args if type(given) is list], strict=True):
        if was != now:
            raise CheckError(
                f"{call} changed the list that it was given: it is {show(now)} now\n  expected: {show(was)}"
            )


def check_calls(
    function: Callable[..., Any],
    trials: Iterable[tuple[tuple, Any]],
    mistakes: Callable[..., Mapping[str, Any]] | None = None,
) -> None:
    """Check several calls at once: a cause is named if it explains what every one of them gave, and no other does.

    >>> from course_utils.checks import check_calls
    >>> trials = [((3, 2), 9), ((2, 2), 4), ((2, 5), 32)]
    >>> check_calls(pow, trials)  # right: nothing is said
    >>> check_calls(lambda a, b: a * b, trials, lambda a, b: {"a product is no power": a * b, "a sum is none": a + b})
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: <lambda>(3, 2) is not right.
      came:     6
      expected: 9
      likely cause: a product is no power

    Args:
        trials: the arguments of a call and what it has to give, as `gives` of `check_call`.
        mistakes: takes the arguments of a call and returns, for each mistake in words, the value that it gives there,
            be it wrong or right.

    Raises:
        CheckError: for the first call that does not give the right value.
    """
    trials = list(trials)
    came: list[Any] = []
    for arguments, _ in trials:
        try:
            came.append(plain(function(*copy.deepcopy(arguments))))
        except CheckError:
            raise  # something blocked was called: the message says so
        except Exception:
            came.append(None)  # check_call says it
    found = [
        mistakes(*arguments) if mistakes and value is not None else None
        for (arguments, _), value in zip(trials, came, strict=True)
    ]
    cause = _one_cause([(value, given) for value, given in zip(came, found, strict=True) if given is not None])
    for (arguments, gives), value in zip(trials, came, strict=True):
        check_call(function, *arguments, gives=gives, likely={cause: value} if cause else None)


def check_predictions(
    predicted: Mapping[Any, Any],
    right: Mapping[Any, Any],
    likely: Mapping[Any, Mapping[str, Any]],
    name: str = "prediction",
) -> None:
    """Check values that were predicted on paper, as `check_equal` does, but without giving the right ones away.

    >>> from course_utils.checks import check_predictions
    >>> right, likely = {"height": 26, "width": 13}, {"height": {"this is the height before": 28}}
    >>> check_predictions({"height": 26, "width": 13}, right, likely)  # right: nothing is said
    >>> check_predictions({"height": 28, "width": 13}, right, likely)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: prediction['height'] is not right.
      came:     28
      expected: something else, which this cell keeps to itself: count once more
      likely cause: this is the height before

    Args:
        predicted: keys -> what was predicted, "?" or nothing where there is no answer yet.
        right: the same keys -> the right values.
        likely: keys -> a mistake in words -> the value that it gives. Of several that give what came, those are dropped
            that would have spoilt another prediction, which is right.
        name: of `predicted`, for messages.

    Raises:
        CheckError: for the first prediction whose type or value differs.
    """
    came = {key: plain(predicted.get(key, "?")) for key in right}
    spared = [key for key in right if identical(came[key], plain(right[key]))]
    for key in right:
        if key in spared:
            continue
        causes = ["it is not answered yet"] if came[key] == "?" else _causes(came[key], likely.get(key, {}))
        if len(causes) > 1:
            harmed = {
                c for other in spared for c in likely.get(other, {}) if c not in _causes(came[other], likely[other])
            }
            causes = [cause for cause in causes if cause not in harmed]
        secret = "something else, which this cell keeps to itself: count once more"
        message = f"{name}[{key!r}] is not right.\n  came:     {show(came[key])}\n  expected: {secret}"
        raise CheckError(message, _agreed(causes))


def _check_error(
    function: Callable[..., Any], args: tuple, kwargs: dict, error: type[Exception], likely: Mapping[str, Any]
) -> None:
    def remembered(*args: Any, **kwargs: Any) -> Any:
        returned.append(function(*args, **kwargs))
        return returned[0]

    returned: list[Any] = []
    remembered.__name__ = getattr(function, "__name__", "the function")
    try:
        check_raises(error, remembered, *args, **kwargs)
    except CheckError as problem:
        cause = likely_cause(plain(returned[0]), likely) if returned else ""
        raise CheckError(str(problem), cause) from None


def _call(function: Callable[..., Any], args: tuple, kwargs: Mapping[str, Any]) -> str:
    arguments = ", ".join([*map(_given, args), *(f"{key}={_given(value)}" for key, value in kwargs.items())])
    return f"{getattr(function, '__name__', 'the function')}({arguments})"


def _given(value: Any) -> str:
    """An argument; of a network its kind only."""
    return f"{type(value).__name__}(…)" if isinstance(value, torch.nn.Module) else show(value)


def _shown(gives: Any) -> str:
    return f"a tensor of shape {tuple(gives.shape)}" if isinstance(gives, torch.Tensor) else show(gives)


def _causes(came: Any, mistakes: Mapping[str, Any]) -> list[str]:
    """The mistakes that give what came."""
    return [cause for cause, value in mistakes.items() if likely_cause(came, {cause: value})]


def _one_cause(outcomes: list[tuple[Any, Mapping[str, Any]]]) -> str:
    """The mistake that gives what came in every call; empty if none does, or several do."""
    fitting = [_causes(came, mistakes) for came, mistakes in outcomes]
    common = [cause for cause in (fitting[0] if fitting else []) if all(cause in causes for causes in fitting)]
    return _agreed(common)


def _agreed(causes: list[str]) -> str:
    """What several causes have in common, if they do not differ before their first comma."""
    clauses = {cause.split(",")[0] for cause in causes}
    return causes[0] if len(causes) == 1 else clauses.pop() if len(clauses) == 1 else ""
