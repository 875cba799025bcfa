# Computes a shape although the channels disagree.
# loses: quiz-invalid
# cause: the sizes would fit, but the channels of image and layer disagree
quiz = {1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 4, 8), 5: (112, 256, 256), 6: (8, 32, 32), 7: None}
