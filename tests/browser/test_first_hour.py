"""What a student does in the first hour, in a live kernel."""


def test_a_chapter_opens(lab):
    lab.open_unit("01-convolution")
    lab.wait_for_kernel()
    assert "What a convolution computes" in lab.cell(0).inner_text()
    lab.theme("JupyterLab Dark")
    lab.close_file_browser()
