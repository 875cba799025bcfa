"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

- `answers`, `verdicts`: the judge of the bank, and its report
- `left_out`: before which answers which demonstrations do not run
- `mutants`, `erasers`: mechanical changes of the solutions, and solutions that erase what they are given
- `lists`: which of these are let pass, each with its reason
- `losses`: which graded cells a wrong answer says it loses
- `sample_class`: a class made from the bank, to see what the grader does
"""
