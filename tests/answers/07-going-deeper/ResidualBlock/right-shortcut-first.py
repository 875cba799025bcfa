# The shortcut is computed and made first; an empty Sequential is the identity.
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.skip = nn.Sequential()
        if (in_channels, 1) != (out_channels, stride):
            self.skip.append(nn.Conv2d(in_channels, out_channels, 1, stride))
            self.skip.append(nn.BatchNorm2d(out_channels))
        self.steps = nn.ModuleList()
        for channels, step in ((in_channels, stride), (out_channels, 1)):
            self.steps.append(nn.Conv2d(channels, out_channels, 3, step, "same" if step == 1 else 1, bias=False))
            self.steps.append(nn.BatchNorm2d(out_channels))

    def forward(self, x):
        around = self.skip(x)
        for place, step in enumerate(self.steps):
            x = step(x)
            if place == 1:
                x = x.clamp(min=0)
        return (around + x).relu()
