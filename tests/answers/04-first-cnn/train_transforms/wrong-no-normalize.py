# Half right: values from 0 to 1.
# loses: train_transforms-range, train_transforms-training-range
# cause: v2.Normalize is missing
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
