# Half right: shifts behind Normalize, so grey pixels move in.
# loses: train_transforms-training-range
# cause: pixels that move in are grey
train_transforms = v2.Compose([
    v2.RandomHorizontalFlip(),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
    v2.RandomCrop(28, padding=2),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
