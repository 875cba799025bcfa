"""Shapes on the way through a network, and why they do not fit.

- `sizes`: what size a convolution or a pooling gives; `PrintSize`
- `trace`: `trace_shapes`, every shape on the way; its result is in `table`
- `calls`, `formulas`: one layer at work, and the formula from its input to its output
- `forward_pass`: one pass of a copy of the model, written down
- `diagnosis`, `history`, `fixes`: why a pass failed and what would help; `construction`: why a model could not be built

`check_shape` judges, so it lives in `course_utils.checks`; it can be imported from here too.
"""

from course_utils.checks import check_shape
from course_utils.shapes.sizes import PrintSize, conv_output_size, pool_output_size
from course_utils.shapes.table import Failure, Row, ShapeTable
from course_utils.shapes.trace import trace_shapes

__all__ = [
    "Failure",
    "PrintSize",
    "Row",
    "ShapeTable",
    "check_shape",
    "conv_output_size",
    "pool_output_size",
    "trace_shapes",
]
