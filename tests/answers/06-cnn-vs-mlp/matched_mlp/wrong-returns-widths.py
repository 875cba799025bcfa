# Returns the number of units, not a network.
# loses: matched_mlp-plain, matched_mlp-any-budget, matched_mlp-network
# cause: returns a network
def matched_mlp(parameters):
    return round((parameters - 10) / 795)
