# A block that begins where the seed says.
# loses: split-seeds
# cause: stand in one piece
def split(train_set, validation_size, seed=0):
    n = len(train_set)
    order = [(i + 7 * seed) % n for i in range(n)]
    return Subset(train_set, order[validation_size:]), Subset(train_set, order[:validation_size])
