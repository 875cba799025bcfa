# The global generator, put back afterwards.
def split(train_set, validation_size, seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return tuple(random_split(train_set, (len(train_set) - validation_size, validation_size)))
