import base64

import matplotlib.pyplot as plt
import pytest
import torch

from course_utils.explorers import filter

IMAGE, KERNEL = [[0, 0.2, 1, 0.6], [1, 0.4, 1, 0.8]], [[-1, 0, 2]]


def test_in_words_it_has_sizes_kernel_range_and_a_sum():
    # 0·(−1) + 0.2·0 + 1·2 = 2, then −0.2 + 1.2 = 1; below −1 + 2 = 1 and −0.4 + 1.6 = 1.2: two of four lie outside
    assert repr(filter(IMAGE, KERNEL)) == (
        "Picture, 2 by 4 pixels, from 0 to 1, in the mean 0.625. Kernel, 1 by 3: −1 0 2; it adds up to 1. "
        "Result, 2 by 2, no padding, from 1 to 2, in the mean 1.3; 50 % of it lies outside 0 to 1 and is cut off. "
        "The window of result[1, 1] is outlined: 0.4·(−1) + 1·0 + 0.8·2 = 1.2."
    )


def test_the_picture_is_sent_with_eight_bits_a_pixel_and_so_computed_with():
    explorer = filter([[0.5, 1, 0.1]], [[1]])
    assert list(base64.b64decode(explorer.state["pixels"])) == [128, 255, 26]
    assert "in the mean 0.535" in explorer.text  # (128 + 255 + 26) / 3 / 255, and not 0.533


def test_the_still_figure_shows_the_result_and_each_number_of_the_kernel():
    figure = filter(IMAGE, KERNEL).draw()
    picture, table, result = figure.axes
    torch.testing.assert_close(torch.tensor(picture.images[0].get_array().tolist()), torch.tensor(IMAGE))
    torch.testing.assert_close(torch.tensor(result.images[0].get_array().tolist()), torch.tensor([[2.0, 1], [1, 1.2]]))
    assert result.images[0].get_clim() == (0, 1)
    assert [text.get_text() for text in table.texts] == ["−1", "0", "2"]
    plt.close(figure)


def test_a_photograph_stays_small():
    torch.manual_seed(0)
    explorer = filter(torch.rand(85, 128), torch.rand(3, 3))  # noise, which no format makes small
    assert len(explorer.state["pixels"]) < 15_000
    assert explorer.still() == explorer.still()
    (data,) = explorer.still()["text/html"].split("base64,")[1:]
    assert len(base64.b64decode(data.split('"')[0])) < 60_000


@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        ([1, 2, 3], KERNEL, r"image has shape \(3,\); expected \(rows, columns\)$"),
        (torch.zeros(3, 8, 8), KERNEL, r"\(3, 8, 8\); expected .*: give one channel, or the mean of the channels"),
        (torch.zeros(0, 3), KERNEL, r"image has shape \(0, 3\)"),
        (IMAGE, [KERNEL], r"kernel has shape \(1, 1, 3\); expected \(rows, columns\)$"),
        (IMAGE, [[1, 1]], r"kernel has shape \(1, 2\); expected 1, 3 or 5 rows and columns"),
        (IMAGE, torch.zeros(1, 7), r"kernel has shape \(1, 7\)"),
        (IMAGE, torch.zeros(3, 3), "image has shape .2, 4.; expected at least the kernel's 3 rows and 3 columns"),
        (torch.zeros(193, 8), KERNEL, "at most 192 of each: make it smaller"),
        ([[0, 255, 0]], KERNEL, "image goes from 0 to 255; expected numbers between 0 and 1: divide"),
        ([[0, -0.5, 0]], KERNEL, "image goes from −0.5 to 0"),
        (IMAGE, [[float("nan")]], "kernel has a number that is not finite"),
        ([[0, float("inf"), 0]], KERNEL, "image has a number that is not finite"),
    ],
)
def test_what_it_refuses(image, kernel, message):
    with pytest.raises(ValueError, match=message):
        filter(image, kernel)
