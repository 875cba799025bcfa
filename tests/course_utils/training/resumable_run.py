"""A run that is built and seeded anew each time, as after a restart of the kernel, for the tests of resumption."""

import torch
from torch.utils.data import TensorDataset

from course_utils.training import seed_everything
from course_utils.training.run_settings import same
from tests.course_utils.training.small_training import same_weights, sgd, small_images, small_loader, small_net, train

IMAGES, LABELS = small_images()
PLAIN = TensorDataset(IMAGES / 255, LABELS)


def generator():
    return torch.Generator().manual_seed(4)


def usual_net():
    return small_net(dropout=0.3, norm=True)


def run(
    epochs, make_loader=small_loader, make_val=None, make_scheduler=None, make_optimizer=sgd, net=usual_net, **options
):
    """A run from the start, everything built and seeded anew, as after a restart of the kernel."""
    seed_everything(3)
    model = net()
    optimizer = make_optimizer(model)
    scheduler = make_scheduler and make_scheduler(optimizer)
    history = train(
        model,
        make_loader(),
        make_val and make_val(),
        epochs=epochs,
        optimizer=optimizer,
        scheduler=scheduler,
        scheduler_every=options.pop("scheduler_every", "step" if scheduler else None),
        **options,
    )
    return model, history


def assert_same_run(one, other):
    assert same_weights(one[0], other[0])
    for name in ("train_loss", "val_loss", "learning_rate"):
        assert same(one[1][name], other[1][name])  # where nothing was measured, too
