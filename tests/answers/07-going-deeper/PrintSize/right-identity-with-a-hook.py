# An nn.Identity that prints by a hook of its own.
class PrintSize(nn.Identity):
    def __init__(self, name=""):
        super().__init__()
        self.register_forward_hook(lambda module, given, made: print(name, list(made.shape)))
