# A new network, never trained.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: nothing has moved them
trained_model = CNN().to(device)
