# The published loop as it was.
# loses: train_both-dense-output, train_both-steps, train_both-mean, train_both-modes
train_both = faulty_train_both
test_both = faulty_test_both
