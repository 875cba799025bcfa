# Now and then a small turn; a class of its own for the range.
class Centred(nn.Module):
    def forward(self, image):
        return v2.functional.pil_to_tensor(image).to(torch.float32).div(255).sub(0.5).mul(2)


train_transforms = nn.Sequential(v2.RandomApply([v2.RandomRotation(8)], p=0.7), Centred())
test_transforms = Centred()
