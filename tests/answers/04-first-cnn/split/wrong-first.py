# The first images are held out: nothing is drawn.
# loses: split-seeds
# cause: stand in one piece
def split(train_set, validation_size, seed=0):
    n = len(train_set)
    return Subset(train_set, range(validation_size, n)), Subset(train_set, range(validation_size))
