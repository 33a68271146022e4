package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is accepted nowhere, and the message names the parameter. */
class NullTest {
    private static final Value A = new Value(2);
    private static final Value[] X = {A, new Value(3)};
    private static final Value[] HOLE = {A, null};
    private static final Value[] NO_VECTOR = null;
    private static final double[] NO_NUMBERS = null;
    private static final double[] AT = {2, 3};

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"values", "vectors", "matrices", "leaves", "tapes", "checks", "exports"})
    void names_the_parameter_that_is_null(String where, String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }

    private static Arguments door(String where, String message, ThrowingCallable call) {
        return arguments(where, message, call);
    }

    private static Stream<Arguments> values() {
        Value none = null;
        return Stream.of(
                door("add", "b is null", () -> A.add(none)),
                door("mul", "b is null", () -> A.mul(none)),
                door("max", "b is null", () -> A.max(none)),
                door("sub", "b is null", () -> A.sub(none)),
                door("div", "b is null", () -> A.div(none)),
                door("sub from a number", "b is null", () -> Value.sub(1, none)),
                door("div of a number", "b is null", () -> Value.div(1, none)));
    }

    private static Stream<Arguments> vectors() {
        return Stream.of(
                door("add", "x is null", () -> Functions.add(NO_VECTOR, X)),
                door("add", "y is null", () -> Functions.add(X, NO_VECTOR)),
                door("add", "x[1] is null", () -> Functions.add(HOLE, X)),
                door("add", "y[1] is null", () -> Functions.add(X, HOLE)),
                door("relu", "x is null", () -> Functions.relu(NO_VECTOR)),
                door("relu", "x[1] is null", () -> Functions.relu(HOLE)),
                door("mean", "x is null", () -> Functions.mean(NO_VECTOR)),
                door("mean", "x[1] is null", () -> Functions.mean(HOLE)),
                door("dot", "x is null", () -> Functions.dot(NO_VECTOR, X)),
                door("dot", "y is null", () -> Functions.dot(X, NO_VECTOR)),
                door("dot", "x[1] is null", () -> Functions.dot(HOLE, X)),
                door("dot", "y[1] is null", () -> Functions.dot(X, HOLE)),
                door("softmax", "x is null", () -> Functions.softmax(NO_VECTOR)),
                door("softmax", "x[1] is null", () -> Functions.softmax(HOLE)),
                door("rmsNorm", "x is null", () -> Functions.rmsNorm(NO_VECTOR)),
                door("rmsNorm", "x[1] is null", () -> Functions.rmsNorm(HOLE)),
                door("dot", "y[1] is null", () -> Functions.dot(X, HOLE, Tape.DotProducts.AS_ONE_NODE)),
                door("dot", "dotProducts is null", () -> Functions.dot(X, X, null)),
                door("rmsNorm", "x[1] is null", () -> Functions.rmsNorm(HOLE, Tape.DotProducts.AS_ONE_NODE)),
                door("rmsNorm", "dotProducts is null", () -> Functions.rmsNorm(X, null)),
                door("crossEntropy", "logits is null", () -> Functions.crossEntropy(NO_VECTOR, 0)),
                door("crossEntropy", "logits[1] is null", () -> Functions.crossEntropy(HOLE, 0)));
    }

    private static Stream<Arguments> matrices() {
        Value[][] none = null;
        Value[][] w = {X, X};
        return Stream.of(
                door("linear", "x is null", () -> Functions.linear(NO_VECTOR, w)),
                door("linear", "x[1] is null", () -> Functions.linear(HOLE, w)),
                door("linear", "w is null", () -> Functions.linear(X, none)),
                door("linear", "w[1] is null", () -> Functions.linear(X, new Value[][] {X, null})),
                door("linear", "w[1][1] is null", () -> Functions.linear(X, new Value[][] {X, HOLE})),
                door("linear", "w is null", () -> Functions.linear(X, none, Tape.DotProducts.AS_ONE_NODE)),
                door(
                        "linear",
                        "w[1] is null",
                        () -> Functions.linear(X, new Value[][] {X, null}, Tape.DotProducts.AS_ONE_NODE)),
                door("linear", "dotProducts is null", () -> Functions.linear(X, w, null)));
    }

    private static Stream<Arguments> leaves() {
        Leaves leaves = new Leaves(AT);
        return Stream.of(
                door("Leaves", "data is null", () -> new Leaves(NO_NUMBERS)),
                door("load", "data is null", () -> leaves.load(NO_NUMBERS)),
                door("gradient", "into is null", () -> leaves.gradient(NO_NUMBERS)));
    }

    private static Stream<Arguments> tapes() {
        Tape tape = new Tape(Tape.DotProducts.AS_ONE_NODE);
        return Stream.of(
                door("Tape", "dotProducts is null", () -> new Tape(null)),
                door("leaves", "numbers is null", () -> tape.leaves(NO_NUMBERS)),
                door("set", "numbers is null", () -> tape.set(tape.leaf(1), NO_NUMBERS)),
                door("gradients", "into is null", () -> tape.gradients(tape.leaf(1), NO_NUMBERS)));
    }

    private static Stream<Arguments> checks() {
        return Stream.of(
                door("of", "function is null", () -> GradientCheck.of(null, AT, AT)),
                door("of", "at is null", () -> GradientCheck.of(x -> 0, null, AT)),
                door("of", "gradient is null", () -> GradientCheck.of(x -> 0, AT, null)),
                door("ofGraph", "function is null", () -> GradientCheck.ofGraph(null, AT)),
                door("ofGraph", "at is null", () -> GradientCheck.ofGraph(x -> A, NO_NUMBERS)),
                door("ofGraph", "what function returned is null", () -> GradientCheck.ofGraph(x -> null, AT)),
                door("centralDifferences", "function is null", () -> GradientCheck.centralDifferences(null, AT)),
                door("centralDifferences", "at is null", () -> GradientCheck.centralDifferences(x -> 0, null)));
    }

    private static Stream<Arguments> exports() {
        List<GraphExport.Operand> hole = new ArrayList<>(Collections.singleton(null));
        Map<Value, String> noLabel = Collections.singletonMap(A, null);
        Map<Value, String> noKey = Collections.singletonMap(null, "a");
        return Stream.of(
                door("GraphExport", "root is null", () -> new GraphExport(null)),
                door("GraphExport", "root is null", () -> new GraphExport(null, Map.of(), 1)),
                door("GraphExport", "labels is null", () -> new GraphExport(A, null, 1)),
                door("GraphExport", "labels[Value(data=2.0, grad=0.0)] is null", () -> new GraphExport(A, noLabel, 1)),
                door("GraphExport", "a key of labels is null", () -> new GraphExport(A, noKey, 1)),
                door("Node", "id is null", () -> new GraphExport.Node(null, "a", "leaf", 0, 0, List.of())),
                door("Node", "name is null", () -> new GraphExport.Node("v1", null, "leaf", 0, 0, List.of())),
                door("Node", "operation is null", () -> new GraphExport.Node("v1", "a", null, 0, 0, List.of())),
                door("Node", "operands is null", () -> new GraphExport.Node("v1", "a", "leaf", 0, 0, null)),
                door("Node", "operands[0] is null", () -> new GraphExport.Node("v1", "a", "leaf", 0, 0, hole)),
                door("Operand", "id is null", () -> new GraphExport.Operand(null, 1)));
    }
}
