# Draws from the global generator: other parts each time.
# loses: split-seeds
# cause: does not depend on `seed` alone
def split(train_set, validation_size, seed=0):
    return random_split(train_set, [len(train_set) - validation_size, validation_size])
