"""The recorded runs: one of them made again."""

import pytest

from tests.course_utils.explorers.test_runs import ALL
from tools import record_runs


def test_a_run_made_again_is_the_recorded_one(monkeypatch):
    monkeypatch.setattr(record_runs, "EPOCHS", 1)
    again = record_runs.record(*record_runs.pictures(), 0.03, 0.0, True)
    run = next(run for run in ALL if (run["rate"], run["momentum"], run["norm"]) == (0.03, 0.0, True))
    assert again["train_loss"] == pytest.approx(run["train_loss"][:10], rel=0.02)
    assert again["val_loss"] == pytest.approx(run["val_loss"][:2], rel=0.02)
    assert again["val_accuracy"] == pytest.approx(run["val_accuracy"][:2], abs=0.02)


def test_a_run_ends_where_its_loss_is_no_number():
    again = record_runs.record(*record_runs.pictures(), 3.0, 0.0, False)
    run = next(run for run in ALL if (run["rate"], run["momentum"], run["norm"]) == (3.0, 0.0, False))
    assert again["diverged"] == run["diverged"] is not None
