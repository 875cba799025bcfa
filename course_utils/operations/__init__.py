"""The operations of a forward pass, as PyTorch's dispatcher shows them, and a limit to what they may give.

- `watching`: what classes that watch operations have in common
- `budget`: a pass that stops before it gets large
"""

from course_utils.operations.budget import Budget, OverBudget
from course_utils.operations.watching import OperationWatcher, arguments_of, tensors_in

__all__ = ["Budget", "OperationWatcher", "OverBudget", "arguments_of", "tensors_in"]
