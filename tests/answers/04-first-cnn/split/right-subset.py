# An order of all indices, cut into two.
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, order[validation_size:]), Subset(train_set, order[:validation_size])
