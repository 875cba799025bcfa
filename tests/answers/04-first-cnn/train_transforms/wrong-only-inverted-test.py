# Bright and dark swapped in testing.
# loses: train_transforms-range
# cause: bright and dark are swapped
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=1),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.RandomInvert(1.0), v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
