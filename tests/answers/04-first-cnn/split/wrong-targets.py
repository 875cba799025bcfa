# Uses attributes of the course's own set.
# loses: split-parts, split-seeds, split-sets
# cause: no attribute 'targets'
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set.targets), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, order[validation_size:]), Subset(train_set, order[:validation_size])
