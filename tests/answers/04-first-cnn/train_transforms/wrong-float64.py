# Tensors in float64.
# loses: train_transforms-range, train_transforms-training-range, train_transforms-random, train_transforms-garment
# cause: 'torch.float64'
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=1),
    v2.ToImage(),
    v2.ToDtype(torch.float64, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float64, scale=True), v2.Normalize((0.5,), (0.5,))])
