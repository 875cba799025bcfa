# Python's own shuffle of a list, a plain attribute.
import random


class PixelPermutation(nn.Module):
    def __init__(self, height, width, seed):
        super().__init__()
        self.places = list(range(height * width))
        random.Random(seed).shuffle(self.places)

    def forward(self, x):
        return torch.stack([x.flatten(2)[..., place] for place in self.places], dim=-1).reshape(x.shape)

    def inverse(self, x):
        flat, result = x.flatten(2), torch.empty_like(x.flatten(2))
        for new, old in enumerate(self.places):
            result[..., old] = flat[..., new]
        return result.reshape(x.shape)
