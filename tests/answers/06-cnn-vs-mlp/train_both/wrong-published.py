# The published loop as it was.
# loses: train_both-dense-output, train_both-steps, train_both-mean, train_both-modes
# cause: another model's loss was computed
# cause: computed from another model's output
# cause: another optimizer's was called in its place
# cause: must be multiplied by its number of images
# cause: `model.eval()` is missing
train_both = faulty_train_both
test_both = faulty_test_both
