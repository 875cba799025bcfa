# Returns the parts in the other order.
# loses: split-parts, split-sets
# cause: in the other order
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, order[:validation_size]), Subset(train_set, order[validation_size:])
