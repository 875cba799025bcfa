"""The pictures of the course: small sets that come with it, and the whole sets by torchvision.

    from course_utils import data
    train = data.load("fashion-mnist", "train")             # bundled, no network
    train = data.load("fashion-mnist", "train", full=True)  # all 60,000 images

Both give `(PIL image, int)` and have `classes`, `data`, `targets` and `transform`, as torchvision's sets do.

- `sets`: `load`, by name
- `bundled_sets`: the files in ``bundled/``
- `judging`: the pictures by which the grader judges a trained network
- `whole_sets`: downloads and checksums
"""

from course_utils.data.bundled_sets import NAMES, BundledData
from course_utils.data.judging import load_judging
from course_utils.data.sets import SPLITS, load
from course_utils.data.whole_sets import default_root

__all__ = ["NAMES", "SPLITS", "BundledData", "default_root", "load", "load_judging"]
