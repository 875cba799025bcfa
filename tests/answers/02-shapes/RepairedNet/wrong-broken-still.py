# The broken network under a new name.
# loses: RepairedNet-channels, RepairedNet-batch, RepairedNet-features, RepairedNet-whole, RepairedNet-trains
RepairedNet = BrokenNet
