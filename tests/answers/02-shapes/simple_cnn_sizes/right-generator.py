# A tensor's list, halved where a pooling stands.
simple_cnn_sizes = (28 // torch.tensor([1, 1, 2, 2, 4])).tolist()
