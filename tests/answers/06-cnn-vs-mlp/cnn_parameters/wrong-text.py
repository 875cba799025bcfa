# Answers with texts.
# loses: cnn_parameters-convolutional, cnn_parameters-dense
# cause: is a text and not a number
cnn_parameters = "13,686"
mlp_parameters = "12,730"
