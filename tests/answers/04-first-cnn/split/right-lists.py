# Plain Python; lists of items; the order of the images stays.
def split(train_set, validation_size, seed=0):
    import random

    held_out = set(random.Random(seed).sample(range(len(train_set)), validation_size))
    return ([train_set[i] for i in range(len(train_set)) if i not in held_out],
            [train_set[i] for i in sorted(held_out)])
