# Plain functions, without v2.Compose.
from torchvision.transforms.functional import pil_to_tensor


def test_transforms(image):
    return pil_to_tensor(image).float() / 127.5 - 1


def train_transforms(image):
    result = test_transforms(image)
    if torch.rand(()) < 0.5:
        result = result.flip(-1)
    rows, columns = torch.randint(0, 5, (2,)).tolist()
    return F.pad(result, (2, 2, 2, 2), value=-1.0)[:, rows : rows + 28, columns : columns + 28]
