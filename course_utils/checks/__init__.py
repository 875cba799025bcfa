"""Checks that explain: what came, what was expected, and the likely cause. Everything that judges an answer is here.

- `errors`, `failures`: the error of every check, `CheckError`, and its message
- `values`: numbers, tensors, errors, side effects
- `calls`: a call, which the message repeats; predictions, whose right values stay secret
- `size_mistakes`, `field_mistakes`: what typical mistakes make of a size behind a convolution, of a receptive field
- `causes`, `plain_values`: which mistake gives a value; values that can be compared safely
- `shapes`: a tensor's shape against a pattern
- `untouched`: a network that a function leaves as it was
- `forbidden`, `forbidden_functions`, `standing`: library operations and functions that an answer must not use
- `loops`, `loop_causes`, `recording`: training and evaluation loops, by what they do to models that keep a diary
- `comparisons`, `watching`: an experiment that trains two networks side by side, by what it does
- `probes`: how to look at an answer where it is, and bring back plain data
- `loaders`, `training_tools`, `picture_transforms`: verdicts on what those probes bring back
- `blocks`: a network of convolution blocks, computed again from its parameters
- `training_parts`, `files`: devices, transforms, loaders, optimizers and files of an answer, by probes
- `refusals`: what a function that reads checkpoints says of other files
- `networks`: a network as what its forward pass does
- `chains`, `residual`: a network's layers in the order of their calls, against a chain in words or a residual block
- `normalisation`, `dropout`: a batch norm against PyTorch's; a dropout, by itself or in a network's head
- `printing`: what a call prints
- `classifiers`: what every network of logits must do, whatever its design
- `thresholds`: what a trained network has to reach on the grader's own images
- `noise`: what an answer writes to the error stream costs no mark where nbgrader validates
"""

from course_utils.checks.blocks import check_block_parameters, check_block_values, check_trainable
from course_utils.checks.calls import check_call, check_calls, check_predictions
from course_utils.checks.chains import check_chain, layer_calls
from course_utils.checks.classifiers import check_classifier
from course_utils.checks.comparisons import ComparisonTrial
from course_utils.checks.dropout import check_dropout, check_head_dropout
from course_utils.checks.errors import CheckError
from course_utils.checks.field_mistakes import field_bounds_mistakes, field_size_mistakes
from course_utils.checks.files import (
    as_file,
    files_in,
    new_folder,
    program_result,
    put_file,
    stopped_half_way,
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
from course_utils.checks.networks import computed, with_known_weights
from course_utils.checks.noise import hush_validate as _hush_validate
from course_utils.checks.normalisation import check_batch_norm
from course_utils.checks.one_batch import check_one_batch
from course_utils.checks.picture_transforms import check_black_border, check_random, check_range, check_recognisable
from course_utils.checks.printing import printed
from course_utils.checks.refusals import check_refuses
from course_utils.checks.residual import check_residual_block
from course_utils.checks.shapes import check_shape
from course_utils.checks.size_mistakes import layer_mistakes, pool_size_mistakes, shape_mistakes, size_mistakes
from course_utils.checks.thresholds import check_accuracy_reached, check_reached, hidden_threshold, weights_as_drawn
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
from course_utils.checks.training_tools import (
    check_cross_entropy,
    check_devices,
    check_optimizer,
    check_schedule,
    check_setting,
)
from course_utils.checks.untouched import untouched
from course_utils.checks.values import check_close, check_equal, check_raises, unchanged

__all__ = [
    "CheckError",
    "ComparisonTrial",
    "EvaluationTrial",
    "TrainingTrial",
    "as_file",
    "batches_of",
    "check_accuracy_reached",
    "check_batch_norm",
    "check_black_border",
    "check_block_parameters",
    "check_block_values",
    "check_call",
    "check_calls",
    "check_chain",
    "check_classifier",
    "check_close",
    "check_cross_entropy",
    "check_devices",
    "check_dropout",
    "check_equal",
    "check_head_dropout",
    "check_one_batch",
    "check_optimizer",
    "check_predictions",
    "check_raises",
    "check_random",
    "check_range",
    "check_reached",
    "check_recognisable",
    "check_refuses",
    "check_residual_block",
    "check_schedule",
    "check_setting",
    "check_shape",
    "check_split",
    "check_split_seeds",
    "check_test_batches",
    "check_trainable",
    "check_training_batches",
    "computed",
    "field_bounds_mistakes",
    "field_size_mistakes",
    "files_in",
    "forbid",
    "forbiddable",
    "hidden_threshold",
    "layer_calls",
    "layer_mistakes",
    "learning_rates",
    "new_folder",
    "numbered",
    "optimizer_facts",
    "picked_device",
    "pool_size_mistakes",
    "printed",
    "program_result",
    "put_file",
    "shape_mistakes",
    "size_mistakes",
    "split_numbers",
    "stopped_half_way",
    "take_step",
    "tensors_in",
    "train_network",
    "transformed",
    "unchanged",
    "untouched",
    "weights_as_drawn",
    "with_full_disk",
    "with_known_weights",
]

# Every graded cell imports this room.
_hush_validate()
