# Was never replaced.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: 'NoneType'
trained_model = None
