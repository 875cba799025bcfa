"""The pictures: what is drawn, what is described, what is refused."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output

from course_utils import plots
from course_utils.plots.described import alt_text


@pytest.fixture(autouse=True)
def _no_figure_left():
    yield
    plt.close("all")


def drawn(figure):
    return [np.asarray(axis.images[0].get_array()) for axis in figure.axes if axis.images]


def test_tensors_and_arrays_of_every_layout_are_drawn_as_they_are():
    grey, colour = torch.rand(5, 7), torch.rand(3, 5, 7)
    figure = plots.show_images([grey, grey[None], colour, grey.numpy(), colour.permute(1, 2, 0).numpy()])
    pictures = drawn(figure)
    assert [picture.shape for picture in pictures] == [(5, 7), (5, 7), (5, 7, 3), (5, 7), (5, 7, 3)]
    np.testing.assert_array_equal(pictures[0], grey)
    np.testing.assert_array_equal(pictures[2], colour.permute(1, 2, 0))


def test_a_batch_is_a_sequence_of_images():
    figure = plots.show_images(torch.rand(4, 1, 5, 7), titles=list("abcd"), columns=3)
    assert len(drawn(figure)) == 4
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", "d", "", ""]
    assert not any(axis.axison for axis in figure.axes)


def test_one_image_makes_one_column():
    assert len(plots.show_images([torch.rand(2, 2, requires_grad=True)]).axes) == 1


def test_keywords_reach_imshow():
    figure = plots.show_images([torch.rand(2, 2)], vmin=-1, vmax=2, cmap="viridis")
    image = figure.axes[0].images[0]
    assert (image.get_clim(), image.get_cmap().name) == ((-1, 2), "viridis")


@pytest.mark.parametrize(
    ("images", "titles", "message"),
    [
        ([], None, "0 images and 0 titles: give at least one image"),
        ([torch.rand(2, 2)], ["a", "b"], "1 images and 2 titles"),
        ([torch.rand(2, 2), torch.rand(2, 5, 7)], None, r"image 1 has shape \(2, 5, 7\)"),
        ([torch.rand(1, 1, 5, 7)], None, r"image 0 has shape \(1, 1, 5, 7\)"),
        ([np.zeros((5, 7, 2))], None, r"image 0 has shape \(5, 7, 2\)"),
    ],
)
def test_what_is_no_image_is_refused(images, titles, message):
    with pytest.raises(ValueError, match=message):
        plots.show_images(images, titles)
    assert plt.get_fignums() == []


def test_show_describes_the_figure_and_closes_it():
    InteractiveShell.instance()
    with capture_output() as caught:
        plots.show(plots.show_images([torch.rand(2, 2)]), "08/augmented")
    (output,) = caught._outputs
    assert output["data"]["text/plain"] == alt_text("08/augmented")
    assert f'<img alt="{alt_text("08/augmented")}" src="data:image/png;base64,' in output["data"]["text/html"]
    assert plt.get_fignums() == []
