# Arrays of numpy, no torchvision.
import numpy as np


def test_transforms(image):
    return torch.from_numpy(np.asarray(image, dtype=np.float32)[None] / 127.5 - 1)


def train_transforms(image):
    rows, columns = (int(shift) for shift in np.random.randint(-1, 2, 2))
    return F.pad(test_transforms(image), (2, 2, 2, 2), value=-1)[:, 2 + rows : 30 + rows, 2 + columns : 30 + columns]
