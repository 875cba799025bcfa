"""What a student can touch: an explorer moves in the page, and a still figure says the same where nothing can move.

- `convolution`: pixels, kernel, window, sum and gradient of one convolution; `convolution.js` and `.css` are its page
- `grid.js`: numbers in a grid, for every page
- `explorer`: what all explorers share: how one shows itself, with a kernel and without
- `widget`: the connection with the page, by anywidget
"""

from course_utils.explorers.convolution import convolution

__all__ = ["convolution"]
