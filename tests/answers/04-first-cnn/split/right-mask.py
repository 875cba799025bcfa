# A mask over scores that are drawn for each image.
def split(train_set, validation_size, seed=0):
    scores = torch.rand(len(train_set), generator=torch.Generator().manual_seed(seed))
    mask = torch.zeros(len(train_set), dtype=torch.bool)
    mask[scores.argsort()[:validation_size]] = True
    return [Subset(train_set, part.nonzero()[:, 0].tolist()) for part in (~mask, mask)]
