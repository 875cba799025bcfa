# Draws each part by itself: some images are in both.
# loses: split-parts, split-sets
# cause: in both parts
def split(train_set, validation_size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    n = len(train_set)
    training = torch.randperm(n, generator=generator)[: n - validation_size].tolist()
    return Subset(train_set, training), Subset(train_set, torch.randperm(n, generator=generator)[:validation_size].tolist())
