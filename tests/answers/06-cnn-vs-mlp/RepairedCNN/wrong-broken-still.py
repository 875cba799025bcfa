# The broken networks under new names.
# loses: RepairedCNN-between, RepairedCNN-logits, RepairedCNN-dense-between, RepairedCNN-dense-logits
# cause: no ReLU stands
# cause: no activation
# cause: there is still a ReLU on the logits
class RepairedCNN(BrokenCNN):
    pass


class RepairedMLP(BrokenMLP):
    pass
