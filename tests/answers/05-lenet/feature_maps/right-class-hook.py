# An object that is called as the hook; squeeze of axis 0 alone.
class Keeper:
    def __call__(self, layer, inputs, output):
        self.maps = output.detach().squeeze(0).clone()


def feature_maps(model, layer, image):
    keeper = Keeper()
    with evaluation_mode(model), torch.no_grad(), layer.register_forward_hook(keeper):
        model(image.reshape(1, *image.shape))
    return keeper.maps
