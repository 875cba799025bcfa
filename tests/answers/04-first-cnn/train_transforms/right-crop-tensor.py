# Shifts on the tensor of bytes; shift of up to 3 pixels, no mirroring.
train_transforms = v2.Compose([
    v2.ToImage(),
    v2.RandomCrop(28, padding=3),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
