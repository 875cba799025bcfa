# One more number in each filter; a lambda, and bias as a number.
parameter_count = lambda in_channels, out_channels, kernel_size, bias=True: out_channels * (in_channels * kernel_size**2 + int(bias))
