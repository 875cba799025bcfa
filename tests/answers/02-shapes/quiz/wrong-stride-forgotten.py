# Leaves the stride out.
# loses: quiz-stride-padding
# cause: the stride is left out
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 31, 31), 4: (7, 8, 16), 5: (112, 256, 256), 6: None, 7: None}
