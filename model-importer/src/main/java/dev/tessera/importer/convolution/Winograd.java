package dev.tessera.importer.convolution;

/**
 * The matrices with which a 3 × 3 convolution of a tile of 4 × 4 pixels takes 36 products for each pair of channels
 * instead of 144: {@code Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A} for the kernel g and the window d of 6 × 6, here for windows and kernels
 * as columns. Made by the Cook-Toom construction with the points 0, 1, −1, ½, −2 and infinity, which err least in 32 bits.
 * Sources: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks; Barabasz et al., Error Analysis and Improving
 * the Accuracy of Winograd Convolution for Deep Neural Networks.
 */
enum Winograd {
    /** Bᵀ, of the window. */
    WINDOW(new double[][] {
        {1, -3 / 2., -2, 3 / 2., 1, 0},
        {0, -1 / 3., 1 / 6., 5 / 6., 1 / 3., 0},
        {0, -1 / 3., 5 / 6., -1 / 6., -1 / 3., 0},
        {0, 32 / 15., 16 / 15., -32 / 15., -16 / 15., 0},
        {0, 2 / 15., -4 / 15., -2 / 15., 4 / 15., 0},
        {0, 1, -3 / 2., -2, 3 / 2., 1}
    }),
    /** G, of the kernel. */
    KERNEL(new double[][] {{1, 0, 0}, {1, 1, 1}, {1, -1, 1}, {1, 0.5, 0.25}, {0.25, -0.5, 1}, {0, 0, 1}}),
    /** Aᵀ, of the products. */
    TILE(new double[][] {
        {1, 1, 1, 1, 1, 0},
        {0, 1, -1, 0.5, -2, 0},
        {0, 1, 1, 0.25, 4, 0},
        {0, 1, -1, 0.125, -8, 1}
    });

    private final double[][] matrix;

    Winograd(double[][] matrix) {
        this.matrix = matrix;
    }

    long rows() {
        return (long) matrix.length * matrix.length;
    }

    long columns() {
        return (long) matrix[0].length * matrix[0].length;
    }

    /** The matrix for both directions at once, of what lies row after row: its Kronecker product with itself. */
    float[] ofBothDirections() {
        int height = matrix.length;
        int width = matrix[0].length;
        float[] values = new float[height * height * width * width];
        for (int i = 0; i < values.length; i++) {
            int row = i / (width * width);
            int column = i % (width * width);
            values[i] = (float) (matrix[row / height][column / width] * matrix[row % height][column % width]);
        }
        return values;
    }
}
