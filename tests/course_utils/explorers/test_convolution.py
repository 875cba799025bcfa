import base64
import io
import json
import re

import matplotlib.pyplot as plt
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from course_utils.explorers import convolution

PICTURE, KERNEL = [[1, 2, 0], [0, 1, 3], [2, 1, 1]], [[1, 0], [-1, 2]]


def test_in_words_it_has_every_number_of_the_still_figure():
    assert repr(convolution(PICTURE, KERNEL)) == (
        "Picture, 3 by 3: 1 2 0; 0 1 3; 2 1 1. Kernel, 2 by 2: 1 0; −1 2. Stride 1, padding 0, dilation 1. "
        "Output, 2 by 2: 3 7; 0 2. The window of its first number is outlined: 1·1 + 2·0 + 0·(−1) + 1·2 = 3."
    )
    words = repr(convolution([PICTURE, PICTURE], [KERNEL, KERNEL], padding=1, dilation=2, stride=2))
    # rows and columns −1 and 1 are read: only pixel (1, 1) lies in the picture, twice
    assert words.endswith("0·1 + 0·0 + 0·(−1) + 1·2 + 0·1 + 0·0 + 0·(−1) + 1·2 = 4.")
    assert "Picture, 3 by 3: channel 0: 1 2 0; 0 1 3; 2 1 1. channel 1: 1 2 0;" in words


def test_the_still_figure_has_a_text_for_each_number():
    figure = convolution(PICTURE, KERNEL, padding=1).draw()
    texts = [text.get_text() for axis in figure.axes for text in axis.texts]
    plt.close(figure)
    # 5 by 5 with the padding, the kernel, and 4 by 4 of output
    assert len(texts) == 25 + 4 + 16
    assert texts[25:29] == ["1", "0", "−1", "2"]


def test_without_a_kernel_it_shows_the_still_figure_alone():
    shell = InteractiveShell.instance()
    with capture_output() as captured:
        shell.run_cell(
            f"from course_utils.explorers import convolution\nconvolution({PICTURE}, {KERNEL})"
        ).raise_error()
    (output,) = captured.outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert "<style>" not in output.data["text/html"]  # its rule would hide what the cell showed before
    assert 'alt="Picture, 3 by 3: 1 2 0;' in output.data["text/html"]
    assert len(json.dumps(output.data)) < 20_000
    (data,) = re.findall(r'src="data:image/png;base64,([^"]+)"', output.data["text/html"])
    assert Image.open(io.BytesIO(base64.b64decode(data))).width > 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"picture": [1, 2, 3]}, r"picture has shape \(3,\); expected \(rows, columns\) or"),
        ({"picture": torch.zeros(0, 3)}, r"picture has shape \(0, 3\); expected"),
        ({"picture": torch.zeros(9, 3)}, r"picture has shape \(9, 3\); the page has room for 3 channels, 8 rows"),
        ({"kernel": torch.zeros(4, 2, 2)}, r"kernel has shape \(4, 2, 2\); the page has room for 3 channels"),
        ({"kernel": [[float("nan")]]}, "kernel has a number that is not finite"),
        ({"kernel": torch.zeros(2, 1, 1)}, "picture has 1 channels and kernel 2: give both the same number"),
        ({"stride": 0}, "stride is 0; expected a whole number from 1 to 4"),
        ({"padding": 0.5}, "padding is 0.5; expected a whole number from 0 to 3"),
        ({"dilation": 3}, "with padding 0 and dilation 3 it needs a picture of at least 4 by 4, and picture is 3 by 3"),
    ],
)
def test_what_it_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        convolution(**{"picture": PICTURE, "kernel": KERNEL} | arguments)
