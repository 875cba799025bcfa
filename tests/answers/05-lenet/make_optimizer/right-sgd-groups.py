# Nesterov momentum, parameters in groups, biases without weight decay.
epochs = 4


def make_optimizer(net):
    biases = [p for name, p in net.named_parameters() if name.endswith("bias")]
    others = [p for name, p in net.named_parameters() if not name.endswith("bias")]
    groups = [{"params": others, "weight_decay": 1e-4}, {"params": biases}]
    return torch.optim.SGD(groups, lr=0.02, momentum=0.9, nesterov=True)
