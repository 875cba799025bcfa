# Writes the shapes as texts.
# loses: quiz-plain, quiz-stride-padding, quiz-invalid
# cause: came:     '(16, 24, 24)'
quiz = {1: "(16, 24, 24)", 2: "(24, 30, 30)", 3: "(3, 16, 16)", 4: "(7, 4, 8)", 5: "(112, 256, 256)", 6: "None", 7: "None"}
