# The broken network under a new name.
# loses: RepairedNet-channels, RepairedNet-batch, RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: the second convolution still expects 16 channels
# cause: Flatten takes the batch axis too: it must leave axis 0 alone
# cause: 7 by 7 would be right with padding=1 in the second convolution, which has none
RepairedNet = BrokenNet
