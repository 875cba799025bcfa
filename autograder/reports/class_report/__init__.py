"""The report of a class: where it struggles, and why, on one page and as a table.

- `reading`: what gradebook and kept results know of each unit
- `items`: how hard each exercise is, and whether it tells the strong from the weak
- `outcomes`: what became of each answer: full marks, a likely cause, a failure that no cause explains
- `attention`: what needs a person
- `pseudonyms`: students' ids, shown or hidden
- `figures`, `themes`: pictures with a text alternative, readable on a light and on a dark page and on paper
- `writing`: `write_report`, the page and the CSV
"""
