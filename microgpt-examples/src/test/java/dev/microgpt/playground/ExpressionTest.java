package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final Map<String, Double> VARIABLES = Map.of("a", 2.0, "b", -3.0, "x_1", 0.5);

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        ".5, 0.5",
        "a, 2",
        "a + b, -1",
        "a - b - b, 8",
        "a - (b - b), 2",
        "a*b + a, -4",
        "a + b*a, -4",
        "a/b/b, 0.2222222222222222",
        "-a*b, 6",
        "--a, 2",
        "a*-b, 6",
        "-a**2, -4",
        "(-a)**2, 4",
        "a**-1, 0.5",
        "a**0.5, 1.4142135623730951",
        "b**2*a, 18",
        "log(exp(a)), 2",
        "relu(b) + relu(a), 2",
        "tanh(x_1), 0.46211715726000973",
        "  ( a )  , 2",
        "never, 1"
    })
    void computes_with_the_usual_rules(String text, double expected) {
        assertThat(new Expression(text, VARIABLES).root().data()).isCloseTo(expected, within(1e-15));
    }

    @Test
    void a_variable_is_one_value_however_often_it_occurs() {
        Expression expression = new Expression("a*b + a", VARIABLES);

        expression.root().backward();

        assertThat(expression.variables()).containsOnlyKeys("a", "b");
        assertThat(expression.variables().get("a").grad()).isEqualTo(-2);
        assertThat(expression.variables().get("b").grad()).isEqualTo(2);
    }

    @Test
    void names_what_was_typed_and_only_that() {
        Expression expression = new Expression("(a - b) * 3", VARIABLES);

        assertThat(expression.labels().values()).containsExactlyInAnyOrder("a", "b", "a - b", "3", "(a - b) * 3");
        assertThat(expression.labels()).containsKey(expression.root());
        assertThat(expression.labels().keySet()).allMatch(Value.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | expression has nothing at index 0 where a number, a variable, log, exp, relu, tanh or ( is expected",
                "a b | expression has 'b' at index 2 where the end is expected",
                "(a | expression has nothing at index 2 where ) is expected",
                "a) | expression has ')' at index 1 where the end is expected",
                "a ** b | expression has 'b' at index 5 where a number is expected",
                "1.2.3 | expression has '1' at index 0 where a number is expected",
                "log a | expression has 'a' at index 4 where ( is expected",
                "a + 🙂 | expression has '🙂' at index 4 where a number, a variable, log, exp, relu, tanh or ( is expected",
                "v1 + a | variable v1 could be a value without a name; call it otherwise",
            })
    void says_where_it_does_not_understand(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Expression(text, VARIABLES))
                .withMessage(message);
    }
}
