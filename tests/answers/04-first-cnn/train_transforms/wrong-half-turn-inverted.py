# Swaps bright and dark at random.
# loses: train_transforms-garment, train_transforms-training-range
# cause: bright and dark are swapped
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomInvert(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
