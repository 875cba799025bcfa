# Writes the channels last.
# loses: quiz-plain, quiz-stride-padding
# cause: PyTorch puts the channels first
quiz = {1: (24, 24, 16), 2: (30, 30, 24), 3: (16, 16, 3), 4: (4, 8, 7), 5: (256, 256, 112), 6: None, 7: None}
