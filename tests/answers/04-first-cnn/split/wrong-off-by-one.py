# Loses an image between the parts.
# loses: split-parts, split-sets
# cause: the number of training images
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, order[validation_size + 1 :]), Subset(train_set, order[:validation_size])
