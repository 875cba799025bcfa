# scikit-learn cuts the indices.
def split(train_set, validation_size, seed=0):
    from sklearn.model_selection import train_test_split

    train, validation = train_test_split(range(len(train_set)), test_size=validation_size, random_state=seed)
    return Subset(train_set, train), Subset(train_set, validation)
