"""Checks that explain: what came, what was expected, and the likely cause. Everything that judges an answer is here.

- `errors`, `failures`: the error of every check, `CheckError`, and its message
- `values`: numbers, tensors, errors, side effects
- `causes`, `plain_values`: which mistake gives a value; values that can be compared safely
- `shapes`: a tensor's shape against a pattern
- `forbidden`, `forbidden_functions`, `standing`: library operations and functions that an answer must not use
- `loops`, `loop_causes`, `recording`: training and evaluation loops, by what they do to models that keep a diary
- `probes`: how to look at an answer where it is, and bring back plain data
- `loaders`, `training_tools`, `picture_transforms`: verdicts on what those probes bring back
- `blocks`: a network of convolution blocks, computed again from its parameters
- `training_parts`, `files`: devices, transforms, loaders, optimizers and files of an answer, by probes
- `networks`: a network as what its forward pass does
- `thresholds`: what a trained network has to reach on the grader's own images
- `noise`: what an answer writes to the error stream costs no mark where nbgrader validates
"""

from course_utils.checks.blocks import check_block_parameters, check_block_values, check_trainable
from course_utils.checks.errors import CheckError
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
from course_utils.checks.loaders import (
    check_split,
    check_split_seeds,
    check_test_batches,
    check_training_batches,
    numbered,
)
from course_utils.checks.loops import EvaluationTrial, TrainingTrial
from course_utils.checks.networks import computed
from course_utils.checks.noise import hush_validate as _hush_validate
from course_utils.checks.one_batch import check_one_batch
from course_utils.checks.picture_transforms import check_black_border, check_random, check_range, check_recognisable
from course_utils.checks.shapes import check_shape
from course_utils.checks.thresholds import hidden_threshold
from course_utils.checks.training_parts import (
    batches_of,
    learning_rates,
    optimizer_facts,
    picked_device,
    split_numbers,
    take_step,
    train_network,
    transformed,
)
from course_utils.checks.training_tools import check_cross_entropy, check_optimizer, check_schedule, looks_new
from course_utils.checks.values import check_close, check_equal, check_raises, unchanged

__all__ = [
    "CheckError",
    "EvaluationTrial",
    "TrainingTrial",
    "as_file",
    "batches_of",
    "check_black_border",
    "check_block_parameters",
    "check_block_values",
    "check_close",
    "check_cross_entropy",
    "check_equal",
    "check_one_batch",
    "check_optimizer",
    "check_raises",
    "check_random",
    "check_range",
    "check_recognisable",
    "check_schedule",
    "check_shape",
    "check_split",
    "check_split_seeds",
    "check_test_batches",
    "check_trainable",
    "check_training_batches",
    "computed",
    "files_in",
    "forbid",
    "forbiddable",
    "hidden_threshold",
    "learning_rates",
    "looks_new",
    "new_folder",
    "numbered",
    "optimizer_facts",
    "picked_device",
    "program_result",
    "put_file",
    "split_numbers",
    "take_step",
    "tensors_in",
    "train_network",
    "transformed",
    "unchanged",
    "with_full_disk",
]

# Every graded cell imports this room.
_hush_validate()
