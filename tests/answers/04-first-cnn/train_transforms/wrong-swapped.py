# The random one is called test_transforms.
# loses: train_transforms-range, train_transforms-random
# cause: something in it is random
test_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
train_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
