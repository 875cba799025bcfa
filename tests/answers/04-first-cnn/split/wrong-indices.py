# Returns indices, not images.
# loses: split-parts, split-seeds, split-sets
# cause: the indices, not the images
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return order[validation_size:], order[:validation_size]
