# Helpers that count a layer, called `count` and `total`.
def count(inputs, outputs, size=1):
    return (inputs * size * size + 1) * outputs


def total(*layers):
    return sum(count(*layer) for layer in layers)


cnn_parameters = total((1, 16, 3), (16, 32, 3), (32, 64), (64, 4, 5), (36, 10))
mlp_parameters = total((784, 16), (16, 10))
