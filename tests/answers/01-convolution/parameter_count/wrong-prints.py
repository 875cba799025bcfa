# Prints the number and returns nothing.
# loses: parameter_count-weights, parameter_count-bias
# cause: the function ends without `return`
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    print(out_channels * (in_channels * kernel_size ** 2 + int(bias)))
