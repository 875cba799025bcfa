# Mean and std copied from a tutorial on MNIST.
# loses: train_transforms-range, train_transforms-training-range
# cause: mean and std of MNIST
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.RandomAffine(degrees=5, translate=(0.08, 0.08)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.1307,), (0.3081,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.1307,), (0.3081,))])
