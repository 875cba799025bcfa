"""What a loop leaves behind or does too late: kept graphs, frozen networks, switched-off gradients, late losses."""

import pytest
import torch

from course_utils.checks import CheckError, TrainingTrial

ARGUMENTS = ("model", "loader", "criterion", "optimizer", "device")


def loop(model, loader, criterion, optimizer, device, *, keep=False, late=False, end=lambda model: None):
    model.train()
    total, count, kept = 0.0, 0, []
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        kept.append(loss if keep else loss.detach())
        if late:
            with torch.no_grad():
                loss = criterion(model(images), labels)
        total, count = total + loss.item() * len(labels), count + len(labels)
    end(model)
    return total / count


def ran(**changes):
    trial = TrainingTrial("loop", sizes=(3,) * 8)
    return trial, trial.run(lambda *given: loop(*given, **changes), *ARGUMENTS)


def test_a_right_loop_leaves_nothing():
    trial, came = ran()
    trial.check_mean_loss(came)
    trial.check_loss_before_step(came)
    trial.check_no_graphs_kept()
    trial.check_gradients_left_on()


def test_kept_graphs_are_seen():
    trial, came = ran(keep=True)
    trial.check_mean_loss(came)
    with pytest.raises(CheckError, match="graphs of earlier batches are kept"):
        trial.check_no_graphs_kept()


def test_a_loss_behind_the_step_is_named():
    trial, came = ran(late=True)
    trial.check_weights()
    for check in (trial.check_mean_loss, trial.check_loss_before_step):
        with pytest.raises(CheckError, match="measured after its step"):
            check(came)


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (lambda model: torch.set_grad_enabled(False), "switched off for everybody"),
        (lambda model: model.requires_grad_(False), "is frozen"),
    ],
)
def test_what_is_left_off_is_seen_and_put_back(end, message):
    trial, _ = ran(end=end)
    assert torch.is_grad_enabled()
    with pytest.raises(CheckError, match=message):
        trial.check_gradients_left_on()
