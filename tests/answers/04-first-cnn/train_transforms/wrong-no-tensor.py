# Never makes tensors: PIL pictures come out.
# loses: train_transforms-range, train_transforms-training-range, train_transforms-random, train_transforms-garment
# cause: v2.PILToTensor is missing
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
])
test_transforms = v2.Compose([v2.Identity()])
