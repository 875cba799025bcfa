# A generator of numpy; index arrays.
def split(train_set, validation_size, seed=0):
    import numpy as np

    mixed = np.random.default_rng(seed).permutation(len(train_set))
    held_out, rest = np.split(mixed, [validation_size])
    return Subset(train_set, rest), Subset(train_set, held_out)
