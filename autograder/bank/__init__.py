"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

- `answers`: the judge of the bank, and its report
- `mutants`: mechanical changes of the solutions
- `known_wrong`: wrong answers as controls while a class is graded
- `sample_class`: a class made from the bank, to see what the grader does
"""
