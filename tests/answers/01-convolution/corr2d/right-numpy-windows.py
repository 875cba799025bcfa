# The windows by numpy, the sums by tensordot.
def corr2d(x, kernel):
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(x.numpy(), tuple(kernel.shape))
    return torch.from_numpy(np.tensordot(windows, kernel.numpy(), axes=2))
