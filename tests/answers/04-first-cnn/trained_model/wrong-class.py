# The class, not a network.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: the type of trained_model
trained_model = CNN
