# A copy of the layer without its bias.
import copy


def conv_as_matrix(conv, in_shape):
    bare = copy.deepcopy(conv)
    bare.bias = None
    images = torch.eye(torch.Size(in_shape).numel()).to(bare.weight).reshape(-1, *in_shape)
    return bare(images).flatten(start_dim=1).t()
