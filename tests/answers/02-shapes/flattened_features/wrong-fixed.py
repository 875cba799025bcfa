# The number of the example.
# loses: flattened_features-value, flattened_features-general
# cause: this is the example's number: ask the layers
def flattened_features(layers, in_shape):
    return 256
