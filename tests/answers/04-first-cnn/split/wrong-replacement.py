# Draws with replacement.
# loses: split-parts, split-sets
# cause: with replacement
# cause: number of training images
def split(train_set, validation_size, seed=0):
    held = torch.randint(len(train_set), (validation_size,), generator=torch.Generator().manual_seed(seed)).tolist()
    return Subset(train_set, [i for i in range(len(train_set)) if i not in held]), Subset(train_set, held)
