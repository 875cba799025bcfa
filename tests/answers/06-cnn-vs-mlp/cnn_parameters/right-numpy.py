# Products of numpy arrays, which are numbers of numpy.
import numpy as np

sizes = np.array([[1, 16, 9], [16, 32, 9], [32, 64, 1], [64, 4, 25], [36, 10, 1]])
cnn_parameters = (sizes.prod(axis=1) + sizes[:, 1]).sum()
mlp_parameters = np.int64(784 * 16 + 16 + 16 * 10 + 10)
