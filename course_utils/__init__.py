"""The small library that the notebooks of the course share.

Import the part you need: ``from course_utils import shapes, checks, data``. Nothing is imported here, so that
a notebook pays only for what it uses.
"""
