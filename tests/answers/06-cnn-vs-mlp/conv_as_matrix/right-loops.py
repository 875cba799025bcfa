# Row by row: writes each weight into the column of the pixel that it meets.
def conv_as_matrix(conv, in_shape):
    channels, height, width = in_shape
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = conv.kernel_size, conv.stride, conv.padding, conv.dilation
    out_h = (height + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (width + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    weight = conv.weight.detach()
    matrix = weight.new_zeros(conv.out_channels, out_h, out_w, channels, height, width)
    for i in range(out_h):
        for j in range(out_w):
            for a in range(kh):
                for b in range(kw):
                    y, x = i * sh + a * dh - ph, j * sw + b * dw - pw
                    if 0 <= y < height and 0 <= x < width:
                        matrix[:, i, j, :, y, x] = weight[:, :, a, b]
    return matrix.view(conv.out_channels * out_h * out_w, channels * height * width)
