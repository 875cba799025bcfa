# Leaves the padding out.
# loses: quiz-stride-padding
# cause: the padding is left out
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 3, 7), 5: (112, 254, 254), 6: None, 7: None}
