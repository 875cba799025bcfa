# Swaps height and width, which only the picture that is not square shows.
# loses: quiz-stride-padding
# cause: height and width are swapped
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 8, 4), 5: (112, 256, 256), 6: None, 7: None}
