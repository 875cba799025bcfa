# Returns nothing.
# loses: split-parts, split-seeds, split-sets
# cause: without `return`
def split(train_set, validation_size, seed=0):
    parts = random_split(train_set, [len(train_set) - validation_size, validation_size], generator=torch.Generator().manual_seed(seed))
