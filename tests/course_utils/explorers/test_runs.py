import json

import matplotlib.pyplot as plt
import pytest

from course_utils.explorers import runs
from course_utils.explorers.runs import FILE

RECORDED = json.loads(FILE.read_text(encoding="utf-8"))
ALL = RECORDED["runs"]


def test_every_setting_was_recorded_once_and_the_file_is_small():
    assert len({(run["rate"], run["momentum"], run["norm"]) for run in ALL}) == len(ALL) == 28
    assert FILE.stat().st_size < 60_000


def test_a_run_is_whole_or_says_where_it_diverged():
    steps, epochs, every = RECORDED["steps"], RECORDED["epochs"], RECORDED["every"]
    for run in ALL:
        trained = epochs * steps if run["diverged"] is None else run["diverged"] - 1
        assert len(run["train_loss"]) == trained // every
        assert len(run["val_loss"]) == len(run["val_accuracy"]) == trained // steps + 1


def test_what_the_chapters_say_about_the_runs():
    end = {(run["norm"], run["momentum"], run["rate"]): run["val_accuracy"][-1] for run in ALL if not run["diverged"]}
    # without momentum a small rate is too slow, and a large one as good as a guess
    assert end[False, 0, 0.003] < 0.3 < 0.7 < end[False, 0, 0.1]
    assert end[False, 0, 1] < 0.15
    # momentum 0.9 makes ten times the rate of each step: 0.01 is enough, and 0.1 too much
    assert end[False, 0.9, 0.01] > 0.7
    assert end[False, 0.9, 0.1] < 0.15
    # with batch norm every rate up to 0.3 learns, and momentum 0.9 does no harm at 0.1
    assert all(end[True, momentum, rate] > 0.6 for momentum in (0, 0.9) for rate in (0.003, 0.01, 0.03, 0.1, 0.3))


def test_in_words_it_has_the_end_of_every_run():
    words = repr(runs(rate=0.1))
    last = next(run for run in ALL if (run["rate"], run["momentum"], run["norm"]) == (0.1, 0, False))
    accuracy = f"{100 * last['val_accuracy'][-1]:.1f} %"
    assert words.startswith(
        "Learning rate 0.1, momentum 0, without batch norm: in the last of 4 epochs the training loss"
    )
    assert f"validation loss {last['val_loss'][-1]:.2f}, and {accuracy} of the validation images" in words
    assert words.count("diverged") == sum(run["diverged"] is not None for run in ALL)
    assert words.count(" %") == 1 + sum(run["diverged"] is None for run in ALL)


def test_the_still_figure_has_every_run_and_marks_one():
    figure = runs(rate=0.03, norm=True).draw()
    losses, ends = figure.axes
    assert len(losses.lines) == len(ALL) + 1  # and the validation losses of one
    assert [line.get_label() for line in losses.lines if not line.get_label().startswith("_")] == [
        "training",
        "validation",
    ]
    assert sum(len(line.get_xdata()) for line in ends.lines) == sum(run["diverged"] is None for run in ALL)
    plt.close(figure)


@pytest.mark.parametrize("arguments", [{"rate": 0.2}, {"momentum": 0.5}, {"norm": None}])
def test_what_was_not_recorded_is_refused(arguments):
    with pytest.raises(
        ValueError, match=r"no run was recorded with .*: choose a rate of 0.003, .* momentum 0 or 0.9, and"
    ):
        runs(**arguments)
