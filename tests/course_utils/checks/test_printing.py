"""printed: what a call prints, and nothing else."""

from course_utils.checks import printed


def test_what_is_printed_comes_back_and_reaches_no_screen(capsys):
    assert printed(print, 2, 3) == "2 3\n"
    assert printed(len, "abc") == ""
    assert capsys.readouterr().out == ""
