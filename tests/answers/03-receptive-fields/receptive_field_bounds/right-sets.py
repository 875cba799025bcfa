# Lists every place that is reached, layer by layer.
def receptive_field_bounds(layers, index):
    places = {index}
    for k, s, p, d in layers[::-1]:
        places = {place * s - p + d * tap for place in places for tap in range(k)}
    return min(places), max(places)
