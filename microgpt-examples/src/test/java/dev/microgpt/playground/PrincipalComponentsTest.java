package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.text.PythonRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Principal components: what defines them, and that a map made with them does not turn over. */
class PrincipalComponentsTest {
    private static final int N = 16;
    private static final Offset<Double> EXACT = within(1e-12);
    private static final double[][] POINTS = points();

    /** 40 points, whose numbers depend on one another. */
    private static double[][] points() {
        PythonRandom random = new PythonRandom(7);
        double[][] points = new double[40][N];
        for (double[] point : points) {
            for (int j = 0; j < N; j++) {
                point[j] = random.nextGaussian() + (j == 0 ? 3 : 0.7 * point[j - 1]);
            }
        }
        return points;
    }

    @Test
    void the_directions_are_of_length_1_and_at_right_angles() {
        PrincipalComponents components = PrincipalComponents.of(POINTS);

        for (int a = 0; a < N; a++) {
            for (int b = 0; b <= a; b++) {
                assertThat(dot(components.direction(a), components.direction(b)))
                        .isCloseTo(a == b ? 1 : 0, EXACT);
            }
        }
    }

    @Test
    void coordinates_have_mean_0_and_nothing_to_do_with_one_another_and_the_first_vary_most() {
        PrincipalComponents components = PrincipalComponents.of(POINTS);
        double[][] coordinates = Arrays.stream(POINTS)
                .map(point -> components.coordinates(N, point))
                .toArray(double[][]::new);

        double before = Double.POSITIVE_INFINITY;
        double shares = 0;
        for (int a = 0; a < N; a++) {
            double[] along = column(coordinates, a);
            assertThat(Arrays.stream(along).sum()).isCloseTo(0, within(1e-10));
            for (int b = 0; b < a; b++) {
                assertThat(dot(along, column(coordinates, b))).isCloseTo(0, within(1e-10));
            }
            assertThat(dot(along, along)).isLessThanOrEqualTo(before);
            before = dot(along, along);
            shares += components.share(a, POINTS);
        }
        assertThat(shares).isCloseTo(1, EXACT);
    }

    @Test
    void points_on_a_line_have_its_direction() {
        PrincipalComponents components = PrincipalComponents.of(new double[][] {{1, 1}, {2, -1}, {3, -3}, {4, -5}});

        assertThat(components.share(0, new double[][] {{0, 0}, {1, -2}})).isCloseTo(1, EXACT);
        assertThat(components.direction(0)).containsExactly(new double[] {-1 / Math.sqrt(5), 2 / Math.sqrt(5)}, EXACT);
        assertThat(components.coordinates(1, 2.5, -2)).containsExactly(new double[] {0}, EXACT);
    }

    @Test
    void a_map_does_not_turn_over_when_its_points_do() {
        double[][] opposite = Arrays.stream(POINTS)
                .map(point -> Arrays.stream(point).map(x -> -x).toArray())
                .toArray(double[][]::new);

        assertThat(PrincipalComponents.of(opposite).direction(0))
                .containsExactly(PrincipalComponents.of(POINTS).direction(0), EXACT);
    }

    @Test
    void equal_points_have_no_variance() {
        double[][] equal = {{1, 2, 3}, {1, 2, 3}};

        assertThat(PrincipalComponents.of(equal).share(0, equal)).isZero();
        assertThat(PrincipalComponents.of(equal).coordinates(2, 1, 2, 3)).containsExactly(0, 0);
    }

    private static double[] column(double[][] rows, int j) {
        return Arrays.stream(rows).mapToDouble(row -> row[j]).toArray();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
