# Hands in course_utils's own function, which is blocked.
# loses: conv_output_size-plain, conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs, conv_output_size-too-large
# cause: is what you are asked to write here
from course_utils.shapes import conv_output_size
