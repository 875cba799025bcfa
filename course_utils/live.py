"""The old place of the live curve, for notebooks that were released with it: it is in `course_utils.plots`."""

from course_utils.plots import LiveCurve as LiveCurve
