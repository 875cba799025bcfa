"""What is said of a function that reads checkpoints."""

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, as_file, check_refuses


def load(model, path, weights_only=True, before=False, word="mismatched"):
    try:
        state = torch.load(path, weights_only=weights_only)
    except Exception as error:
        raise ValueError(f"{path} is foreign") from error
    if before:
        model.weight.data.fill_(7.0)
    if not isinstance(state.get("weight"), torch.Tensor):
        return
    if state["weight"].shape != model.weight.shape:
        raise ValueError(f"{path} is {word}")
    model.load_state_dict(state)


WIDER = as_file(nn.Linear(3, 5).state_dict())


def test_a_right_function_passes():
    net = nn.Linear(3, 2)
    check_refuses(load, net, b"text", "foreign", "a text")
    check_refuses(load, net, None, "foreign", "objects")
    check_refuses(load, net, WIDER, "mismatched", "a wider layer")


@pytest.mark.parametrize(
    ("content", "change", "words"),
    [
        (
            None,
            {"weights_only": False},
            "has run the code in it\n.*\n  likely cause: weights_only=True is missing",
        ),
        (WIDER, {"word": "other"}, "came:     ValueError: path is other\n  expected: .*'mismatched'$"),
        (WIDER, {"before": True}, "has changed the model\n.*\n  likely cause: load_state_dict copies what fits"),
        (as_file({"epoch": 3}), {}, "came:     no error\n  expected: a ValueError with the word 'mismatched'$"),
    ],
)
def test_a_wrong_one_is_told_what_is_true(content, change, words):
    with pytest.raises(CheckError, match=words):
        check_refuses(
            lambda model, path: load(model, path, **change), nn.Linear(3, 2), content, "mismatched", "objects"
        )


def test_an_error_of_the_library_is_called_so():
    def own(model, path):
        torch.load(path, weights_only=True)

    with pytest.raises(CheckError, match="turn it into a ValueError"):
        check_refuses(own, nn.Linear(3, 2), b"", "truncated", "an empty file")
