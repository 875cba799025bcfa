# Asks the layers themselves; the answers come as torch.Size.
layers = {
    1: ((1, 28, 28), nn.Conv2d(1, 16, 5)),
    2: ((2, 32, 32), nn.Conv2d(2, 24, 3)),
    3: ((10, 32, 32), nn.Conv2d(10, 3, 2, stride=2)),
    4: ((11, 8, 16), nn.Conv2d(11, 7, 3, stride=2, padding=1)),
    5: ((128, 256, 256), nn.Conv2d(128, 112, 3, padding=1, device="meta")),
    6: ((3, 32, 32), nn.Conv2d(32, 8, 3, padding=1)),
    7: ((16, 6, 6), nn.Conv2d(16, 32, 9, padding=1)),
}
quiz = {}
for number, (shape, layer) in layers.items():
    try:
        quiz[number] = layer(torch.zeros(shape, device=layer.weight.device)).shape
    except RuntimeError:
        quiz[number] = None
