package dev.microgpt.autograd;

/**
 * The product of two values, of which at least one is a result. For memory: its local gradients are its factors, so one
 * number is enough to remember them. A factor that is a result never changes and is read when it is needed; a factor that
 * is a leaf may be set later, so its number is kept.
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
