# Takes the size for per cent.
# loses: split-parts, split-sets
# cause: the number of training images
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    n = max(1, len(train_set) * validation_size // 100)
    return Subset(train_set, order[n:]), Subset(train_set, order[:n])
