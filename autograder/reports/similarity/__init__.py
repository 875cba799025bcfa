"""Which answers of a class are alike beyond what the exercise explains: a reason to talk, and never a verdict.

- `normal_form`: code without what a disguise changes
- `written`: what each student wrote for an exercise, read from `submitted/` and never run
- `alike`: which answers of one exercise are alike, and the constants that say what that is
- `of_class`: all of it for the units of a class
- `shown`: the table on the screen and the page
"""
