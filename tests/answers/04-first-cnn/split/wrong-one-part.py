# Returns the validation part alone.
# loses: split-parts, split-seeds, split-sets
# cause: does not return two parts
# cause: the number of training images
# cause: a part is not a data set
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, order[:validation_size])
