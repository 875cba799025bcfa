# Gives an empty map where the kernel does not fit.
# loses: quiz-invalid
# cause: the kernel is larger than the padded input, so there is no window
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 4, 8), 5: (112, 256, 256), 6: None, 7: (32, 0, 0)}
