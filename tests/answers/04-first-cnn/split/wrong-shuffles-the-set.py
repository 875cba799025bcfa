# Shuffles the list that it was given.
# loses: split-parts, split-seeds, split-sets
# cause: the data set itself is shuffled
def split(train_set, validation_size, seed=0):
    import random

    random.Random(seed).shuffle(train_set)
    return train_set[validation_size:], train_set[:validation_size]
