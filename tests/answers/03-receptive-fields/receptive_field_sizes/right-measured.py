# Builds the layers and looks how far a gradient reaches.
def receptive_field_sizes(layers):
    sizes, net = [], nn.Sequential()
    for kernel_size, stride, dilation in layers:
        net.append(nn.Conv1d(1, 1, kernel_size, stride, dilation=dilation, bias=False, dtype=torch.float64))
        nn.init.ones_(net[-1].weight)
        row = torch.zeros(1, 1, 500, dtype=torch.float64, requires_grad=True)
        net(row)[0, 0, 0].backward()
        sizes.append(int(row.grad.nonzero()[:, 2].max()) + 1)
    return sizes
