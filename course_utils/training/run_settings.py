"""What a run is made of, so that a checkpoint can refuse to go on with something else."""

from functools import partial
from types import FunctionType

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from course_utils.training.batches import count_batches
from course_utils.training.generators import taken_along
from course_utils.training.loaders import TensorLoader

Settings = dict[str, dict[str, object]]  # part of the run, name, value

_OF_THE_HARDWARE = ("params", "fused", "foreach", "capturable", "differentiable")  # the same step in another form
_OF_A_SCHEDULER = ("lr", "momentum", "betas")  # which it moves; what it was told is among its own settings
# How far a scheduler has come. After a short run some of them are as they were in the beginning.
_PROGRESS = ("last_epoch", "best", "num_bad_epochs", "cooldown_counter", "T_cur", "T_i")


def describe_run(
    model: nn.Module,
    optimizer: Optimizer,
    scheduler: object,
    loss_fn: object,
    loaders: dict[str, object],
    options: dict[str, object],
) -> Settings:
    """The settings of each part, as far as they are numbers, strings, tensors, and lists and dictionaries of them.

    >>> from torch import nn, optim
    >>> from course_utils.training.run_settings import describe_run
    >>> model = nn.Linear(2, 1)
    >>> sgd = optim.SGD(model.parameters(), lr=0.5)
    >>> settings = describe_run(model, sgd, None, nn.MSELoss(), {"train": [1, 2, 3], "val": None}, {})
    >>> settings["optimizer"]["class"], settings["optimizer"]["lr"], settings["train"]["batches"]
    ('SGD', [0.5], 3)

    Args:
        loaders: by the name of `fit`'s argument; None where there is none.
        options: arguments of `fit` that change its arithmetic.
    """
    return {
        "scheduler": _of_scheduler(scheduler),
        "optimizer": _of_optimizer(model, optimizer, loss_fn, scheduler is not None),
        "loss_fn": _of_loss(loss_fn),
        **{name: _of_loader(loader) for name, loader in loaders.items()},
        "fit": options,
    }


def unchanged(start: Settings, end: Settings) -> Settings:
    """What was the same at the start and at the end; the rest is progress, and no setting.

    >>> from course_utils.training.run_settings import unchanged
    >>> unchanged({"scheduler": {"gamma": 0.1, "calls": 0}}, {"scheduler": {"gamma": 0.1, "calls": 7}})
    {'scheduler': {'gamma': 0.1}}
    """
    return {
        part: {name: value for name, value in values.items() if name in end[part] and same(value, end[part][name])}
        for part, values in start.items()
    }


def first_difference(saved: Settings, given: Settings) -> tuple[str, str, object, object] | None:
    """Part, name, and both values of the first setting that is in both and not the same; None if there is none.

    Another class comes first: other settings follow from it.

    >>> from course_utils.training.run_settings import first_difference
    >>> first_difference({"train": {"batches": 5}}, {"train": {"batches": 7}})
    ('train', 'batches', 5, 7)
    """
    both = [(part, name) for part, values in saved.items() for name in values if name in given[part]]
    for part, name in sorted(both, key=lambda setting: setting[1] != "class"):
        if not same(saved[part][name], given[part][name]):
            return part, name, saved[part][name], given[part][name]
    return None


def same(one: object, other: object) -> bool:
    """Whether two plain values are equal, tensors by what they hold; NaN equals NaN, and a tuple a list.

    >>> import torch
    >>> from course_utils.training.run_settings import same
    >>> same({"a": [1, torch.ones(2)]}, {"a": (1, torch.ones(2))})
    True
    """
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        both = isinstance(one, Tensor) and isinstance(other, Tensor) and one.shape == other.shape
        return both and torch.equal(one.cpu(), other.cpu())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other or (one != one and other != other))


def _of_optimizer(model: nn.Module, optimizer: Optimizer, loss_fn: object, scheduled: bool) -> dict[str, object]:
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    if isinstance(loss_fn, nn.Module):
        names |= {id(parameter): f"loss_fn.{name}" for name, parameter in loss_fn.named_parameters()}
    groups = optimizer.param_groups
    left_out = _OF_THE_HARDWARE + (_OF_A_SCHEDULER if scheduled else ())
    settings = {key: [group.get(key) for group in groups] for key in groups[0] if key not in left_out}
    return {
        "class": type(optimizer).__name__,
        "parameters": [[names[id(parameter)] for parameter in group["params"]] for group in groups],
        **_plain(settings),
    }


def _of_scheduler(scheduler: object) -> dict[str, object]:
    if scheduler is None:
        return {"class": None}
    return {"class": type(scheduler).__name__, **_plain(_flat(scheduler))}


def _flat(scheduler: object) -> dict[str, object]:
    """Its own settings, and those of the schedulers inside it, numbered."""
    state = scheduler.state_dict() if hasattr(scheduler, "state_dict") else {}
    inside = getattr(scheduler, "_schedulers", [])
    private = ("_schedulers", "_last_lr", "_step_count", "_get_lr_called_within_step", "_is_initial", "mode_worse")
    flat = {key: value for key, value in state.items() if key not in (*_PROGRESS, *private)}
    for i, function in enumerate(getattr(scheduler, "lr_lambdas", [])):  # whose state_dict leaves functions out
        flat |= {f"lr_lambdas[{i}].{key}": value for key, value in _of_function(function).items()}
    for i, part in enumerate(inside):
        flat[f"[{i}].class"] = type(part).__name__
        flat |= {f"[{i}].{key}": value for key, value in _flat(part).items()}
    return flat


def _of_loss(loss_fn: object) -> dict[str, object]:
    name = getattr(loss_fn, "__name__", type(loss_fn).__name__)
    if not isinstance(loss_fn, nn.Module):
        return {"class": name, **_of_function(loss_fn)}
    attributes = {key: value for key, value in vars(loss_fn).items() if not key.startswith("_") and key != "training"}
    return {"class": name, **_plain(attributes), **dict(loss_fn.named_buffers())}


def _of_function(function: object) -> dict[str, object]:
    """The numbers and strings that a function works with: in its text, and in the variables that it reads."""
    if isinstance(function, partial):
        arguments = {f"argument {i}": value for i, value in enumerate(function.args)} | function.keywords
        name = getattr(function.func, "__name__", type(function.func).__name__)
        return {"function": name, **_scalars(arguments), **_of_function(function.func)}
    if not isinstance(function, FunctionType):
        return {}
    read = {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}
    constants = [value for value in function.__code__.co_consts if isinstance(value, (int, float))]
    return {**_scalars({**read, **taken_along(function)}), "constants": constants}


def _scalars(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if isinstance(value, (bool, int, float, str))}


def _of_loader(loader: object) -> dict[str, object]:
    if loader is None:
        return {"class": None}
    settings = {"class": _known_class(loader), "batches": count_batches(loader)}
    if isinstance(loader, TensorLoader):
        settings["images"] = len(loader.images)
        names = ("batch_size", "shuffle", "drop_last")
    else:
        names = ("batch_size", "drop_last", "num_workers") if isinstance(loader, DataLoader) else ()
    settings |= {name: getattr(loader, name) for name in names}
    if isinstance(loader, DataLoader):
        settings["images"] = count_batches(loader.dataset)
        for name in ("sampler", "batch_sampler"):
            settings[name] = _known_class(getattr(loader, name))
    return settings


def _known_class(one: object) -> str:
    """Its class, or the one of PyTorch's or this library's that it is made from; "object" for any other."""
    classes = (kind for kind in type(one).__mro__ if kind.__module__.split(".")[0] in ("torch", "course_utils"))
    return next(classes, object).__name__


def _plain(settings: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in settings.items() if _is_plain(value)}


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(part) for part in value)
    return value is None or isinstance(value, (bool, int, float, str, Tensor))
