# Asks course_utils.
# loses: effective_receptive_field-linear, effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-seed, effective_receptive_field-modes, effective_receptive_field-zero
# cause: is what you are asked to write here
def effective_receptive_field(model, input_size, samples, seed=0):
    return rf.effective_receptive_field(model, (1, *input_size), samples=samples, seed=seed)
