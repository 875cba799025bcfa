# Half right: the numbers of this chapter.
# loses: split-parts, split-seeds, split-sets
# cause: Sum of input lengths
def split(train_set, validation_size, seed=0):
    return random_split(train_set, [8000, 2000], generator=torch.Generator().manual_seed(seed))
