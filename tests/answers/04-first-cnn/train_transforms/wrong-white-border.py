# Fills with 1, which is white behind Normalize.
# loses: train_transforms-training-range
# cause: pixels that move in are white
train_transforms = v2.Compose([
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
    v2.RandomAffine(0, translate=(0.1, 0.1), fill=1),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
