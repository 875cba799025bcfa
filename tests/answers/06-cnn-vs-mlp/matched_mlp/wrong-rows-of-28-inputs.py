# Takes the rows of the image as the inputs: 28 in place of 784.
# loses: matched_mlp-network
def matched_mlp(parameters):
    units = (parameters - 10) // 39
    return nn.Sequential(nn.Linear(28, units), nn.ReLU(), nn.Linear(units, 10))
