# Computed with a division, so the numbers are floats.
cnn_parameters = 2 * (160 + 4_640 + 2_112 + 6_404 + 370) / 2
mlp_parameters = 25_460 / 2
