# The formula of PyTorch's documentation with math.floor; the error is raised from the result. Returns lists.
import math

def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    values = [size, kernel_size, stride, padding, dilation]
    is_pair = any(isinstance(v, (tuple, list)) for v in values)
    pairs = [list(v) if isinstance(v, (tuple, list)) else [v, v] for v in values]
    answer = []
    for n, k, s, p, d in zip(*pairs):
        answer.append(math.floor((n + 2 * p - d * (k - 1) - 1) / s + 1))
        if answer[-1] < 1:
            raise ValueError(f"output would be {answer[-1]}")
    return answer if is_pair else answer[0]
