"""Train a network: the loop that the course teaches, at the speed of the hardware.

- `loop`: `fit`, which is that loop, and `evaluate`; the errors that they explain are in `errors` and `non_finite`
- `run`: what stands around the loop: set-up, batches on the device, the bar, an explained end
- `batches`: what a loader may give; `losses`, `known_losses`, `loss_checks`: what a loss is a mean of, and what fits it
- `history`, `metrics`: what happened in each epoch, and the running figures behind it
- `loaders`, `augmentation`: images that live on the device, and random changes to them
- `modes`, `schedules`: which layers train and which are frozen; when the learning rate changes
- `checkpoints`, `run_state`, `run_settings`, `generators`, `randomness`: to go on tomorrow, to the bit
- `devices`, `optimizers`, `precision`, `cuda_graph`, `cuda_recorder`: the hardware, and the faster forms it offers
- `computing_time`: how much of the grader's limit a cell has used
- `distributed`: several processes under ``torchrun``
"""

from course_utils.training.augmentation import Augment, random_erase, random_flip, random_shift
from course_utils.training.checkpoints import read_checkpoint, write_checkpoint
from course_utils.training.computing_time import ComputingTime
from course_utils.training.devices import pick_device
from course_utils.training.errors import TrainingError
from course_utils.training.history import Epoch, History
from course_utils.training.loaders import TensorLoader
from course_utils.training.loop import Evaluation, evaluate, fit
from course_utils.training.randomness import seed_everything

__all__ = [
    "Augment",
    "ComputingTime",
    "Epoch",
    "Evaluation",
    "History",
    "TensorLoader",
    "TrainingError",
    "evaluate",
    "fit",
    "pick_device",
    "random_erase",
    "random_flip",
    "random_shift",
    "read_checkpoint",
    "seed_everything",
    "write_checkpoint",
]


def __getattr__(name: str) -> object:
    """Notebooks of unit 07 that were released before take tqdm from here."""
    if name == "tqdm":
        from tqdm import tqdm

        return tqdm
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
