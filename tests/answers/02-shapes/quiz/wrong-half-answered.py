# Answers the first five only.
# loses: quiz-invalid
# cause: it is not answered yet
quiz = dict.fromkeys(range(1, 8), "?")
quiz.update({1: (16, 24, 24), 2: (24, 30, 30), 3: (3, 16, 16), 4: (7, 4, 8), 5: (112, 256, 256)})
