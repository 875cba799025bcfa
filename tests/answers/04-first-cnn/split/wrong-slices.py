# Half right: slices the set, which a list alone allows.
# loses: split-sets
# cause: not 'slice'
def split(train_set, validation_size, seed=0):
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(seed)).tolist()
    mixed = [train_set[:][i] for i in order]
    return mixed[validation_size:], mixed[:validation_size]
