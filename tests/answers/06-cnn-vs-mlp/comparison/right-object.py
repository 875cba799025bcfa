# An object with a method for one epoch; called as a function.
class Comparison:
    def __init__(self, seed):
        torch.manual_seed(seed)
        self.networks = RepairedCNN(), matched_mlp(parameters=13_686)
        self.optimizers = [torch.optim.SGD(network.parameters(), lr=0.05) for network in self.networks]

    def epoch(self):
        train_both(*self.networks, train_loader, *self.optimizers)
        return test_both(*self.networks, validation_loader)


def comparison(epochs, seed=0):
    run = Comparison(seed)
    cnn, mlp = zip(*(run.epoch() for _ in range(epochs)))
    return {"mlp": [*mlp], "cnn": [*cnn]}
