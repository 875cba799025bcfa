"""What a student can touch: an explorer moves in the page, and a still figure says the same where nothing can move.

- `convolution`: pixels, kernel, window, sum and gradient of one convolution
- `descent`: one weight on a curve of losses, with learning rate and momentum
- `explorer`: what all explorers share: how one shows itself, with a kernel and without
- `filter`: one kernel on a whole photograph
- `inside`: a trained network to look into, and a picture to paint on; its still figure in `inside_still`
- `network`: a model as plain data, for a page that computes with it
- `pages/`: a script and a style sheet for each explorer, and the parts that they share
- `receptive_field`: what a unit of any layer sees of a picture; layers to change
- `runs`: 28 trainings of one network that were recorded, by learning rate, momentum and batch norm
- `shift`: a picture to drag, and networks that answer while it moves
- `widget`: the connection with the page, by anywidget
"""

from course_utils.explorers.convolution import convolution
from course_utils.explorers.descent import descent
from course_utils.explorers.filter import filter
from course_utils.explorers.inside import inside
from course_utils.explorers.receptive_field import receptive_field
from course_utils.explorers.runs import runs
from course_utils.explorers.shift import shift

__all__ = ["convolution", "descent", "filter", "inside", "receptive_field", "runs", "shift"]
