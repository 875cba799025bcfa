# Keeps the input's channels.
# loses: quiz-plain, quiz-stride-padding
# cause: a convolution gives out_channels, not the channels it got
quiz = {1: (1, 24, 24), 2: (2, 30, 30), 3: (10, 16, 16), 4: (11, 4, 8), 5: (128, 256, 256), 6: None, 7: None}
