# No axis for the channel.
# loses: train_transforms-range, train_transforms-training-range, train_transforms-random, train_transforms-garment
# cause: which is 2 axes
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=1),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
    v2.Lambda(lambda x: x[0]),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,)), v2.Lambda(lambda x: x[0])])
