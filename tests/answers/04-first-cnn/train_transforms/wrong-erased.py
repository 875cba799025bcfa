# Wipes out half of the picture.
# loses: train_transforms-garment
train_transforms = v2.Compose([
    v2.RandomCrop(28, padding=1),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5,), (0.5,)),
    v2.RandomErasing(1.0, scale=(0.5, 0.7), value=-1),
])
test_transforms = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))])
