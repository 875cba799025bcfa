# Writes None everywhere, in the hope of the last two.
# loses: quiz-plain, quiz-stride-padding, quiz-invalid
quiz = dict.fromkeys(range(1, 8))
