# A list of lists where a tensor is asked for.
# loses: hand_convolved-convolution
# cause: of type list
hand_convolved = [[8.0, 20.0], [14.0, 25.0]]
hand_pooled = 25.0
