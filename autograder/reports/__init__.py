"""What people and other programs read.

- `marks`: a class's marks, as a table, JSON, JUnit
- `feedback`: a page for each student and unit; `exercise_rows`: the rows of the table at its top
- `leaderboard`: the contest of unit 08
"""
