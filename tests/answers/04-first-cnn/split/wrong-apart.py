# Draws images and labels apart: they do not belong together any more.
# loses: split-parts, split-seeds, split-sets
# cause: do not belong together
def split(train_set, validation_size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    images = [train_set[i][0] for i in torch.randperm(len(train_set), generator=generator).tolist()]
    labels = [train_set[i][1] for i in torch.randperm(len(train_set), generator=generator).tolist()]
    pairs = list(zip(images, labels))
    return pairs[validation_size:], pairs[:validation_size]
