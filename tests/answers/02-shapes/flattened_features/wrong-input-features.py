# Counts the input.
# loses: flattened_features-value, flattened_features-general
# cause: these are the features of the input, before any layer
def flattened_features(layers, in_shape):
    channels, height, width = in_shape
    return channels * height * width
