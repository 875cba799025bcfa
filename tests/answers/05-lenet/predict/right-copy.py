# Asks a copy of the model, which may keep any mode.
import copy


def predict(model, image):
    with torch.no_grad():
        shares = nn.Softmax(dim=-1)(copy.deepcopy(model).eval()(image.unsqueeze(0))).flatten()
    place = max(range(len(shares)), key=lambda k: shares[k].item())
    return place, shares[place].item()
