"""`History`: rows, table, plot."""

import math

import matplotlib.pyplot as plt
import pytest

from course_utils.training import Epoch, History


def history(val_losses=(3.0, 1.0, 1.0, 2.0)):
    return History([Epoch(i, 4.0 / i, 0.1 * i, loss, 0.2 * i, 0.01, 1.5) for i, loss in enumerate(val_losses, 1)])


def test_columns():
    assert history()["train_loss"] == [4.0, 2.0, 4 / 3, 1.0]
    assert len(history()) == 4
    with pytest.raises(KeyError, match="'loss' is not recorded; there are epoch, train_loss"):
        history()["loss"]


def test_best_epoch():
    assert history().best_epoch == 2  # the first of equals
    assert history((None,) * 3).best_epoch == 3  # no validation: by the training loss
    assert history((None, 5.0)).best_epoch == 2
    assert history((math.nan, 5.0)).best_epoch == 2
    assert history((math.nan,) * 3).best_epoch is None  # broken is not "not measured"
    assert History().best_epoch is None


def test_to_pandas():
    table = history().to_pandas()
    assert table.index.tolist() == [1, 2, 3, 4]
    assert table["val_loss"].tolist() == [3.0, 1.0, 1.0, 2.0]
    assert History().to_pandas().columns.tolist() == table.columns.tolist()
    unmeasured = history((None, None)).to_pandas()["val_loss"]
    assert unmeasured.isna().all()
    assert unmeasured.dtype == table["val_loss"].dtype == float


def test_a_row_of_an_earlier_version_has_nan_for_not_measured():
    row = {**history().rows()[0], "val_loss": math.nan, "val_accuracy": math.nan}
    epoch = Epoch.from_row(row)
    assert (epoch.train_loss, epoch.val_loss, epoch.val_accuracy) == (4.0, None, None)


def lines(ax):
    return {line.get_label(): line for line in ax.lines}


def test_plot_shows_both_curves_and_the_best_epoch():
    losses, accuracies = history().plot()
    assert lines(losses)["training"].get_ydata().tolist() == [4.0, 2.0, 4 / 3, 1.0]
    assert lines(losses)["validation"].get_ydata().tolist() == [3.0, 1.0, 1.0, 2.0]
    assert lines(accuracies)["training"].get_ydata() == pytest.approx([10, 20, 30, 40])
    for ax in (losses, accuracies):
        assert set(lines(ax)["best epoch: 2"].get_xdata()) == {2}
        assert lines(ax)["training"].get_linestyle() != lines(ax)["validation"].get_linestyle()
        assert ax.get_xlabel() == "epoch"
    plt.close(losses.figure)


def test_plot_takes_and_returns_axes():
    figure, axes = plt.subplots(2)
    assert history((None, None)).plot(axes) is axes
    assert set(lines(axes[0])) == {"training", "best epoch: 2"}
    plt.close(figure)


def test_a_value_that_was_not_measured_is_a_gap():
    losses, _ = history((3.0, None, 1.0)).plot()
    assert lines(losses)["validation"].get_ydata() == pytest.approx([3.0, math.nan, 1.0], nan_ok=True)
    plt.close(losses.figure)


def test_plot_refuses():
    with pytest.raises(ValueError, match="no epoch was finished"):
        History().plot()
    with pytest.raises(ValueError, match="axes has 1 entries; expected two"):
        history().plot([None])
