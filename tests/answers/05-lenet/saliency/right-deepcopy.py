# Works on a copy of the model, where backward() and freezing do no harm.
import copy


def saliency(model, image, target):
    clone = copy.deepcopy(model).eval()
    x = image.detach().clone().requires_grad_(True)
    clone(x.unsqueeze(0))[0][target].backward()
    s = torch.amax(torch.abs(x.grad), dim=0)
    return s / s.max() if s.any() else s


def grad_cam(model, layer, image, target):
    clone = copy.deepcopy(model).eval()
    place = [id(m) for m in model.modules()].index(id(layer))
    twin = list(clone.modules())[place]
    maps = []
    twin.register_forward_hook(lambda m, i, o: (o.retain_grad(), maps.append(o))[0])
    x = image.detach().clone().requires_grad_(True)
    clone(x.unsqueeze(0))[0][target].backward()
    (a,) = maps
    w = a.grad.sum((2, 3), keepdim=True) / (a.shape[2] * a.shape[3])
    cam = torch.relu((w * a.detach()).sum(1))
    cam = F.interpolate(cam[None], image.shape[1:], mode="bilinear", align_corners=False)[0, 0]
    return cam / cam.max() if cam.any() else cam
