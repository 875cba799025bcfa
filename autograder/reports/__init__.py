"""What people and other programs read.

- `marks`: a class's marks as they are graded, as a table, JSON, JUnit
- `feedback`: a page for each student and unit; `exercise_rows`: the rows of the table at its top
- `formgrader`: what the formgrader shows of a submission, where answers in words are read
- `marks_out`: the gradebook's marks (`grades`) for a learning management system: `moodle` and `canvas` fill its own
  file (`worksheets`), `own_tables` are files of our own
- `ci`: four files (`ci_files`) for each notebook of a push, which `ci_notebook` finds; `statuses` tells a class's
  commits
- `similarity`: answers of a class that are alike
- `class_report`: where a class struggles, and why
- `leaderboard`: the contest of unit 08
"""
