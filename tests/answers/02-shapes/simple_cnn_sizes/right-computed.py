# Computed with the library.
simple_cnn_sizes = [28]
for _ in range(2):
    simple_cnn_sizes.append(shapes.conv_output_size(simple_cnn_sizes[-1], 3, padding=1))
    simple_cnn_sizes.append(shapes.pool_output_size(simple_cnn_sizes[-1], 2))
