"""From ``submitted/`` to marks.

- `classes`: grade a class, side by side, and record it
- `grading_units`: what a unit is graded with, and whether its own solution earns all marks
- `submissions`: one submission, from what was handed in to its result
- `boxes`: where notebooks run: in sandboxes on this machine; `early`: which of them begin before all else
- `handed_in`, `roster`: what lies in the folder, and the class, read as data
- `repair`: puts back whatever was done to the cells that grade a submission
- `ways_round`, `names_used`: notes on a passed exercise whose code has names of a way round what it forbids
- `late`, `late_rule`, `extensions`, `moments`: due dates, and what late work costs
- `results`, `judged`, `messages`: what became of a submission, and what its author is told
- `finished`: what was executed and recorded already, so that an interrupted run goes on
- `reuse`: what was executed counts again where only texts changed
- `exchange`: what nbgrader's exchange asks for beside a page
- `gradebook`, `changes`, `migration`: the only writer of the gradebook; whose marks changed; a unit rebuilt
- `transactions`: writing to it, all or nothing; `copies`: its rows, from a file or a server to a file and back
"""
