"""What people and other programs read.

- `marks`: a class's marks, as a table, JSON, JUnit
- `feedback`: a page for each student and unit
- `leaderboard`: the contest of unit 08
"""
