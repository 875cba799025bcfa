"""What a student can touch: an explorer moves in the page, and a still figure says the same where nothing can move.

- `convolution`: pixels, kernel, window, sum and gradient of one convolution
- `descent`: one weight on a curve of losses, with learning rate and momentum
- `explorer`: what all explorers share: how one shows itself, with a kernel and without
- `network`: a model as plain data, for a page that computes with it
- `pages/`: a script and a style sheet for each explorer, and the parts that they share
- `runs`: 28 trainings of one network that were recorded, by learning rate, momentum and batch norm
- `widget`: the connection with the page, by anywidget
"""

from course_utils.explorers.convolution import convolution
from course_utils.explorers.descent import descent
from course_utils.explorers.runs import runs

__all__ = ["convolution", "descent", "runs"]
