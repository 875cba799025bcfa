# Random in testing too.
# loses: train_transforms-random, train_transforms-range
# cause: something in it is random
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.RandomCrop(28, padding=2), v2.RandomHorizontalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
