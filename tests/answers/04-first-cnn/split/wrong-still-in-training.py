# The validation images stay among the training images.
# loses: split-parts, split-sets
# cause: still among the training images
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return train_set, Subset(train_set, order[:validation_size])
