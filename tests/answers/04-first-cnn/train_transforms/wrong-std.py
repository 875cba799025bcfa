# A std of 1.
# loses: train_transforms-range, train_transforms-training-range
# cause: the std is not
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=1),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (1.0,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (1.0,))])
