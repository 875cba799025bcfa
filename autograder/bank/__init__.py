"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

- `answers`: the judge of the bank, and its report
- `mutants`: mechanical changes of the solutions
- `losses`: which graded cells a wrong answer says it loses
- `sample_class`: a class made from the bank, to see what the grader does
"""
