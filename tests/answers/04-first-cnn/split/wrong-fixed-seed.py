# Half right: always the same seed.
# loses: split-seeds
# cause: `seed` is not used
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(42)).tolist()
    return Subset(train_set, order[validation_size:]), Subset(train_set, order[:validation_size])
