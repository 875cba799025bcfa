"""Measure how hard the bundled colour set is: three classifiers, trained on it and tested on it.

    python tools/measure_colour_set.py

A histogram of the colours knows nothing of shape; it should do little better than chance, or the colour
gives the class away. A linear classifier sees the pixels but cannot move a pattern. A small convolutional
network should be clearly better than both.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from course_utils import data

EPOCHS = 15
BATCH = 64


def colour_histograms(images: np.ndarray, bins: int = 6) -> np.ndarray:
    """Share of each of bins**3 colours in each picture: (N, H, W, 3) uint8 to (N, bins**3)."""
    level = images.astype(int) * bins // 256
    colour = (level[..., 0] * bins + level[..., 1]) * bins + level[..., 2]
    return np.stack([np.bincount(c.ravel(), minlength=bins**3) for c in colour]) / colour[0].size


def pixels(images: np.ndarray) -> np.ndarray:
    """Every value of each picture in one row: (N, H, W, 3) to (N, H*W*3)."""
    return images.reshape(len(images), -1)


def linear_accuracy(
    train: data.BundledData, test: data.BundledData, features: Callable[[np.ndarray], np.ndarray], c: float
) -> float:
    """Test accuracy of a logistic regression on the features, with inverse regularisation `c`."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=300))
    model.fit(features(train.data), train.targets)
    return model.score(features(test.data), test.targets)


def small_cnn() -> nn.Sequential:
    """Three convolutions, 3x32x32 in, ten logits out."""
    layers: list[nn.Module] = []
    for n_in, n_out in ((3, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(n_in, n_out, 3, padding=1), nn.BatchNorm2d(n_out), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 10))


def cnn_accuracy(train: data.BundledData, test: data.BundledData) -> float:
    """Test accuracy of `small_cnn` after EPOCHS epochs of Adam with a falling learning rate."""
    torch.manual_seed(0)
    x, test_x = (torch.tensor(s.data).permute(0, 3, 1, 2) / 127.5 - 1 for s in (train, test))
    y, test_y = torch.tensor(train.targets), torch.tensor(test.targets)
    model = small_cnn()
    steps = EPOCHS * -(-len(x) // BATCH)
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=5e-3, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
            scheduler.step()
    model.eval()
    with torch.no_grad():
        return (model(test_x).argmax(1) == test_y).float().mean().item()


def main() -> None:
    train, test = (data.load("cifar-10", split) for split in ("train", "test"))
    measures = {
        "colour histogram": lambda: linear_accuracy(train, test, colour_histograms, c=0.01),
        "linear on pixels": lambda: linear_accuracy(train, test, pixels, c=1e-3),
        "small CNN": lambda: cnn_accuracy(train, test),
    }
    print(f"{len(train)} training and {len(test)} test pictures; chance is 10.0 %")
    for name, measure in measures.items():
        start = time.perf_counter()
        print(f"{name:<17} {100 * measure():5.1f} %  ({time.perf_counter() - start:.0f} s)")


if __name__ == "__main__":
    main()
