"""Pictures for the notebooks: readable on light and dark pages, and described for those who cannot see them.

- `figures`: `show` a figure with its text alternative; `show_images` side by side
- `described`: a figure as HTML with its text, and the files that hold the texts
- `live`: `LiveCurve`, a loss curve that redraws itself while a network trains
"""

from course_utils.plots.figures import show, show_images
from course_utils.plots.live import LiveCurve

__all__ = ["LiveCurve", "show", "show_images"]
