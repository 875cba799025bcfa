# Writes a batch axis in front of every shape.
# loses: quiz-plain, quiz-stride-padding
# cause: the batch axis is not asked for
quiz = {1: (1, 16, 24, 24), 2: (1, 24, 30, 30), 3: (1, 3, 16, 16), 4: (1, 7, 4, 8), 5: (1, 112, 256, 256), 6: None, 7: None}
