# Asks course_utils; the clipped bounds would even be right.
# loses: measured_receptive_field-plain, measured_receptive_field-pooling, measured_receptive_field-any-state, measured_receptive_field-unchanged
# cause: is what you are asked to write here
def measured_receptive_field(model, input_size):
    _, h, w = (row := rf.receptive_field(model, (1, *input_size))[-1]).output_shape
    (top, bottom), (left, right) = row.bounds((h // 2, w // 2))
    return bottom - top + 1, right - left + 1
