package dev.microgpt.autograd;

/**
 * The product of two values, of which one at least is a result. Its local gradients are its factors: a result never changes,
 * so it is read when it is needed; a leaf may be set later, so its number is remembered.
 */
final class Product extends Value {
    private final double leaf; // what the factor that is a leaf was, if one is

    Product(double data, Value left, Value right) {
        super(Operation.MUL, data, left, right);
        leaf = left.level == 0 ? left.data() : right.data();
    }

    double rightFactor() {
        return left.level == 0 || right.level > 0 ? right.data() : leaf;
    }

    double leftFactor() {
        return left.level == 0 ? leaf : left.data();
    }
}
