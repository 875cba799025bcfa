# Inherits from the broken networks and rewrites the forward passes.
class RepairedCNN(BrokenCNN):
    def forward(self, x):
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.Conv2d):
                x = F.relu_(x)
        return self.classifier(torch.flatten(x, start_dim=1))


class RepairedMLP(BrokenMLP):
    def forward(self, x):
        x = x.reshape(len(x), 784)
        return self.output(torch.maximum(self.hidden(x), torch.zeros(())))
