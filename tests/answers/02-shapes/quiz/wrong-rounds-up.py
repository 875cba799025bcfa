# Half right: rounds up where the stride does not divide.
# loses: quiz-stride-padding
# cause: the division must round down
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 5, 9), 5: (112, 256, 256), 6: None, 7: None}
