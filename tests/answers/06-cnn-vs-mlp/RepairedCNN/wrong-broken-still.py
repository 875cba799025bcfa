# The broken networks under new names.
# loses: RepairedCNN-between, RepairedCNN-logits, RepairedCNN-dense-between, RepairedCNN-dense-logits
class RepairedCNN(BrokenCNN):
    pass


class RepairedMLP(BrokenMLP):
    pass
