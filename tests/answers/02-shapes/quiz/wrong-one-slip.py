# Half right: one slip in the last but one size.
# loses: quiz-stride-padding
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 4, 8), 5: (112, 255, 256), 6: None, 7: None}
