package dev.microgpt.playground;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The directions in which points differ most, each at right angles to those before: the eigenvectors of their covariance, which is
 * turned by Jacobi's rotations until nothing is left beside its diagonal. A direction's largest component is above 0, so that it does
 * not point the other way when the points change a little.
 */
final class PrincipalComponents {
    private static final int MOST_SWEEPS = 50; // some 8 are enough
    private static final double NEGLIGIBLE = 1e-32; // of the sum of squares, beside the diagonal

    private final double[] mean; // [n]
    private final double[][] directions; // [n][n], each of length 1, by falling variance

    private PrincipalComponents(double[] mean, double[][] directions) {
        this.mean = mean;
        this.directions = directions;
    }

    /** The components of at least one point, all of as many numbers. */
    static PrincipalComponents of(double[]... points) {
        double[] mean = mean(points);
        double[][] a = covariance(mean, points);
        double[][] v = new double[mean.length][mean.length]; // the eigenvectors, as rows
        for (int i = 0; i < v.length; i++) {
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && besideDiagonal(a) > NEGLIGIBLE * squares(a); sweep++) {
            for (int p = 0; p < a.length; p++) {
                for (int q = p + 1; q < a.length; q++) {
                    rotate(a, v, p, q);
                }
            }
        }
        double[][] directions = IntStream.range(0, a.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -a[i][i]))
                .map(i -> upright(v[i]))
                .toArray(double[][]::new);
        return new PrincipalComponents(mean, directions);
    }

    /** A direction, of length 1; 0 is that of the largest variance. */
    double[] direction(int component) {
        return directions[component].clone();
    }

    /** Where a point lies on the first so many components, seen from the mean of the points that they were made of. */
    double[] coordinates(int components, double... point) {
        double[] coordinates = new double[components];
        for (int c = 0; c < components; c++) {
            for (int j = 0; j < mean.length; j++) {
                coordinates[c] += directions[c][j] * (point[j] - mean[j]);
            }
        }
        return coordinates;
    }

    /** The share of the variance of some points that lies in one direction. */
    double share(int component, double[]... points) {
        double[] middle = mean(points);
        double[][] covariance = covariance(middle, points);
        double all = 0;
        double along = 0;
        for (int i = 0; i < middle.length; i++) {
            all += covariance[i][i];
            for (int j = 0; j < middle.length; j++) {
                along += directions[component][i] * covariance[i][j] * directions[component][j];
            }
        }
        return all == 0 ? 0 : along / all;
    }

    private static double[] mean(double[]... points) {
        double[] mean = new double[points[0].length];
        for (double[] point : points) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += point[j] / points.length;
            }
        }
        return mean;
    }

    private static double[][] covariance(double[] mean, double[]... points) {
        double[][] covariance = new double[mean.length][mean.length];
        for (double[] point : points) {
            for (int i = 0; i < mean.length; i++) {
                for (int j = 0; j < mean.length; j++) {
                    covariance[i][j] += (point[i] - mean[i]) * (point[j] - mean[j]) / points.length;
                }
            }
        }
        return covariance;
    }

    /** Turns the plane of two axes by the angle that brings a[p][q] to 0: A ← R·A·Rᵀ, V ← R·V. */
    private static void rotate(double[][] a, double[][] v, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double cotangent = (a[q][q] - a[p][p]) / (2 * a[p][q]); // of twice the angle
        double t = Math.copySign(1, cotangent) / (Math.abs(cotangent) + Math.hypot(cotangent, 1)); // its tangent
        double cos = 1 / Math.hypot(t, 1);
        double sin = t * cos;
        for (double[] row : a) {
            double x = row[p];
            double y = row[q];
            row[p] = cos * x - sin * y;
            row[q] = sin * x + cos * y;
        }
        mix(a[p], a[q], cos, sin);
        mix(v[p], v[q], cos, sin);
    }

    private static void mix(double[] x, double[] y, double cos, double sin) {
        for (int j = 0; j < x.length; j++) {
            double before = x[j];
            x[j] = cos * before - sin * y[j];
            y[j] = sin * before + cos * y[j];
        }
    }

    private static double squares(double[]... matrix) {
        return Arrays.stream(matrix)
                .flatMapToDouble(Arrays::stream)
                .map(x -> x * x)
                .sum();
    }

    private static double besideDiagonal(double[]... a) {
        return squares(a)
                - IntStream.range(0, a.length)
                        .mapToDouble(i -> a[i][i] * a[i][i])
                        .sum();
    }

    /** A direction or its opposite, whichever has its largest component above 0. */
    private static double[] upright(double... direction) {
        double largest = Arrays.stream(direction)
                .boxed()
                .max(Comparator.comparingDouble(Math::abs))
                .orElseThrow();
        return Arrays.stream(direction).map(x -> largest < 0 ? -x : x).toArray();
    }
}
