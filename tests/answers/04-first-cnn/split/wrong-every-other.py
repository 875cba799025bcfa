# Holds out images at equal distances.
# loses: split-seeds
# cause: at equal distances
def split(train_set, validation_size, seed=0):
    step = len(train_set) // validation_size
    held = list(range(0, len(train_set), step))[:validation_size]
    return Subset(train_set, [i for i in range(len(train_set)) if i not in held]), Subset(train_set, held)
