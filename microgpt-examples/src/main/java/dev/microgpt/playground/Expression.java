package dev.microgpt.playground;

import dev.microgpt.autograd.Value;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A formula that somebody typed, computed on {@link Value}s: numbers, variables, {@code + - * / **}, {@code log exp relu
 * tanh} and parentheses. {@code **} binds tighter than a sign in front and takes a number as its exponent.
 *
 * <pre>
 * sum     = product { (+ | -) product }
 * product = signed { (* | /) signed }
 * signed  = - signed | power
 * power   = atom [ ** signed number ]
 * atom    = number | variable | function ( sum ) | ( sum )
 * </pre>
 */
final class Expression {
    private final String text;
    private final Map<String, Double> numbers; // what the variables are set to
    private final Map<String, Value> variables = new LinkedHashMap<>();
    private final Map<Value, String> labels = new IdentityHashMap<>();
    private final Value root;
    private int at;

    /**
     * Computes a formula.
     *
     * @param text the formula
     * @param numbers what its variables are; one that is not named here is 1
     * @throws IllegalArgumentException if the formula is not valid; the message says where
     */
    Expression(String text, Map<String, Double> numbers) {
        this.text = text;
        this.numbers = numbers;
        this.root = sum();
        if (at < text.length()) {
            throw unexpected("the end");
        }
    }

    Value root() {
        return root;
    }

    /** The leaves that have a name, in the order in which they occur. */
    Map<String, Value> variables() {
        return variables;
    }

    /** What the formula calls its values. Those it does not name are inside an operation that is made of others. */
    Map<Value, String> labels() {
        return labels;
    }

    private Value sum() {
        skip();
        int from = at;
        Value value = product();
        while (true) {
            if (take("+")) {
                value = label(value.add(product()), from);
            } else if (take("-")) {
                value = label(value.sub(product()), from);
            } else {
                return value;
            }
        }
    }

    private Value product() {
        skip();
        int from = at;
        Value value = signed();
        while (true) {
            if (!text.startsWith("**", at) && take("*")) {
                value = label(value.mul(signed()), from);
            } else if (take("/")) {
                value = label(value.div(signed()), from);
            } else {
                return value;
            }
        }
    }

    private Value signed() {
        skip();
        int from = at;
        return take("-") ? label(signed().neg(), from) : power();
    }

    private Value power() {
        skip();
        int from = at;
        Value base = atom();
        if (!take("**")) {
            return base;
        }
        boolean negative = take("-");
        skip();
        double exponent = number();
        return label(base.pow(negative ? -exponent : exponent), from);
    }

    private Value atom() {
        skip();
        int from = at;
        if (take("(")) {
            Value value = sum();
            expect(")");
            return value;
        }
        if (at < text.length() && isNumber(text.charAt(at))) {
            return label(new Value(number()), from);
        }
        String name = name();
        return switch (name) {
            case "log", "exp", "relu", "tanh" -> {
                expect("(");
                Value argument = sum();
                expect(")");
                yield label(apply(name, argument), from);
            }
            default -> variables.computeIfAbsent(name, n -> label(new Value(numbers.getOrDefault(n, 1.0)), from));
        };
    }

    private static Value apply(String function, Value argument) {
        return switch (function) {
            case "log" -> argument.log();
            case "exp" -> argument.exp();
            case "relu" -> argument.relu();
            default -> argument.tanh();
        };
    }

    private String name() {
        int from = at;
        while (at < text.length() && isLetter(text.charAt(at), at > from)) {
            at++;
        }
        String name = text.substring(from, at);
        if (name.isEmpty()) {
            throw unexpected("a number, a variable, log, exp, relu, tanh or (");
        }
        if (name.matches("v[0-9]+")) {
            throw new IllegalArgumentException(
                    "variable " + name + " could be a value without a name; call it otherwise");
        }
        return name;
    }

    private double number() {
        int from = at;
        while (at < text.length() && isNumber(text.charAt(at))) {
            at++;
        }
        try {
            return Double.parseDouble(text.substring(from, at));
        } catch (NumberFormatException e) {
            at = from;
            throw unexpected("a number");
        }
    }

    private Value label(Value value, int from) {
        labels.put(value, text.substring(from, at).strip());
        return value;
    }

    private boolean take(String symbol) {
        skip();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    private void expect(String symbol) {
        if (!take(symbol)) {
            throw unexpected(symbol);
        }
    }

    private void skip() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static boolean isNumber(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static boolean isLetter(char c, boolean orDigit) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || orDigit && c >= '0' && c <= '9';
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = at < text.length() ? "'" + Character.toString(text.codePointAt(at)) + "'" : "nothing";
        return new IllegalArgumentException(
                "expression has " + found + " at index " + at + " where " + expected + " is expected");
    }
}
