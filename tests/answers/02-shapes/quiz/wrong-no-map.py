# Gives height and width only.
# loses: quiz-plain, quiz-stride-padding
# cause: the channels are left out; they stand before the sizes
quiz = {1: (24, 24), 2: (30, 30), 3: (16, 16), 4: (4, 8), 5: (256, 256), 6: None, 7: None}
