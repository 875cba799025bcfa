# Both halves made in a loop; the shortcut first.
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        halves = []
        for inside, step in ((in_channels, stride), (out_channels, 1)):
            halves.append(nn.Sequential(nn.Conv2d(inside, out_channels, 3, step, 1), nn.BatchNorm2d(out_channels)))
        same = (in_channels, stride) == (out_channels, 1)
        self.shortcut = nn.Sequential() if same else nn.Conv2d(in_channels, out_channels, 1, stride)
        self.halves = nn.ModuleList(halves)

    def forward(self, x):
        kept = self.shortcut(x)
        for place, half in enumerate(self.halves):
            x = half(x) + (kept if place else 0)
            x = x.clamp(min=0)
        return x
