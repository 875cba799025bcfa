"""Checks that explain: what came, what was expected, and the likely cause. Everything that judges an answer is here.

- `errors`: the error of every check, `CheckError`
- `values`: numbers, tensors, errors, side effects
- `calls`: a call, which the message repeats; predictions, whose right values stay secret
- `size_mistakes`, `field_mistakes`: what typical mistakes make of a size behind a convolution, of a receptive field
- `causes`, `plain_values`: which mistake gives a value; values that can be compared safely
- `shapes`: a tensor's shape against a pattern
- `untouched`: a network that a function leaves as it was
- `forbidden`, `forbidden_functions`, `standing`: library operations and functions that an answer must not use
- `loops`, `loop_causes`, `recording`: training and evaluation loops, by what they do to models that keep a diary
- `probes`: how to look at an answer where it is, and bring back plain data
- `training_parts`, `files`: devices, transforms, loaders, optimizers and files of an answer, by probes
- `networks`: a network as what its forward pass does
- `thresholds`: what a trained network has to reach on the grader's own images
- `noise`: what an answer writes to the error stream costs no mark where nbgrader validates
"""

from course_utils.checks.calls import check_call, check_calls, check_predictions
from course_utils.checks.errors import CheckError
from course_utils.checks.field_mistakes import field_bounds_mistakes, field_size_mistakes
from course_utils.checks.files import (
    as_file,
    files_in,
    new_folder,
    program_result,
    put_file,
    tensors_in,
    with_full_disk,
)
from course_utils.checks.forbidden import forbid
from course_utils.checks.forbidden_functions import forbiddable
from course_utils.checks.loops import EvaluationTrial, TrainingTrial
from course_utils.checks.networks import computed
from course_utils.checks.noise import hush_validate as _hush_validate
from course_utils.checks.shapes import check_shape
from course_utils.checks.size_mistakes import layer_mistakes, pool_size_mistakes, shape_mistakes, size_mistakes
from course_utils.checks.thresholds import hidden_threshold
from course_utils.checks.training_parts import (
    batches_of,
    learning_rates,
    optimizer_facts,
    picked_device,
    take_step,
    train_network,
    transformed,
)
from course_utils.checks.untouched import untouched
from course_utils.checks.values import check_close, check_equal, check_raises, unchanged

__all__ = [
    "CheckError",
    "EvaluationTrial",
    "TrainingTrial",
    "as_file",
    "batches_of",
    "check_call",
    "check_calls",
    "check_close",
    "check_equal",
    "check_predictions",
    "check_raises",
    "check_shape",
    "computed",
    "field_bounds_mistakes",
    "field_size_mistakes",
    "files_in",
    "forbid",
    "forbiddable",
    "hidden_threshold",
    "layer_mistakes",
    "learning_rates",
    "new_folder",
    "optimizer_facts",
    "picked_device",
    "pool_size_mistakes",
    "program_result",
    "put_file",
    "shape_mistakes",
    "size_mistakes",
    "take_step",
    "tensors_in",
    "train_network",
    "transformed",
    "unchanged",
    "untouched",
    "with_full_disk",
]

# Every graded cell imports this room.
_hush_validate()
