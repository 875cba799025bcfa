# Returns loaders.
# loses: split-parts, split-seeds, split-sets
# cause: a DataLoader is made of a part afterwards
def split(train_set, validation_size, seed=0):
    parts = random_split(train_set, [len(train_set) - validation_size, validation_size], generator=torch.Generator().manual_seed(seed))
    return tuple(DataLoader(part, 4) for part in parts)
