# Shifts by up to 10 pixels.
# loses: train_transforms-garment
# cause: shifted too far
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=10),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
